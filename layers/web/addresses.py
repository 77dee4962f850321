"""Addresses of the API that pages ask or name: what DESIGN promises to everybody.

Pages know the API as its other clients do, by address; they import nothing of it.
"""

SERVICE_POINTS = "/api/v1/service-points"
DISTRICTS = "/api/v1/districts"
NEAREST = "/api/v1/nearest"
COVERAGE = "/api/v1/coverage"
CRITICAL = "/api/v1/critical-services"
SCENARIOS = "/api/v1/scenarios"
SITING = "/api/v1/siting"
