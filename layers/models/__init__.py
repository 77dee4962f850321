"""The nouns of the directory, one file each, in the field's words (HSDS 3.1)."""

from layers.models.activity import Activity, OpenCall
from layers.models.demand import DemandPoint
from layers.models.district import District, DistrictIndicator
from layers.models.exchange import ExchangeLink
from layers.models.job import AnalysisJob, AnalysisStep
from layers.models.location import Accessibility, Location, LocationDistrict
from layers.models.moderation import Feedback, ServiceRevision, VerificationEvent
from layers.models.municipality import Municipality
from layers.models.organization import Membership, Organization
from layers.models.read_model import (
    DataVersion,
    ServicePoint,
    ServicePointCategory,
    ServicePointFeature,
    ServicePointText,
    Timetable,
)
from layers.models.request import SearchLogRow, ServiceRequest
from layers.models.run import (
    AnalysisRun,
    ResultRow,
    Scenario,
    ScenarioChange,
    Situation,
)
from layers.models.run_history import ListedPlace, RunInForce
from layers.models.schedule import Schedule, ScheduleException
from layers.models.service import Attribute, Service
from layers.models.service_at_location import ServiceArea, ServiceAtLocation
from layers.models.service_details import (
    Contact,
    CostOption,
    Funding,
    Phone,
    RequiredDocument,
    ServiceCapacity,
    ServiceLanguage,
)
from layers.models.standard import ServiceStandard
from layers.models.street import StreetEdge, StreetNetwork, StreetNode
from layers.models.submission import SenderKey, SenderTally
from layers.models.taxonomy import Taxonomy, TaxonomyTerm, TermLink

__all__ = [
    "Accessibility",
    "Activity",
    "AnalysisJob",
    "AnalysisRun",
    "AnalysisStep",
    "Attribute",
    "Contact",
    "CostOption",
    "DataVersion",
    "DemandPoint",
    "District",
    "DistrictIndicator",
    "ExchangeLink",
    "Feedback",
    "Funding",
    "ListedPlace",
    "Location",
    "LocationDistrict",
    "Membership",
    "Municipality",
    "OpenCall",
    "Organization",
    "Phone",
    "RequiredDocument",
    "ResultRow",
    "RunInForce",
    "Scenario",
    "ScenarioChange",
    "Schedule",
    "ScheduleException",
    "SearchLogRow",
    "SenderKey",
    "SenderTally",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "ServiceLanguage",
    "ServicePoint",
    "ServicePointCategory",
    "ServicePointFeature",
    "ServicePointText",
    "ServiceRequest",
    "ServiceRevision",
    "ServiceStandard",
    "Situation",
    "StreetEdge",
    "StreetNetwork",
    "StreetNode",
    "Taxonomy",
    "TaxonomyTerm",
    "TermLink",
    "Timetable",
    "VerificationEvent",
]
