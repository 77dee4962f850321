"""Opens layers in QGIS and prints what it sees, as JSON; run by Debian's own Python.

    /usr/bin/python3 qgis_client.py URL LAYER [LAYER ...]

A layer may be followed by `@west,south,east,north`: then only that is asked for.
"""

import json
import os
import sys

from qgis.core import (
    NULL,
    QgsApplication,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)


def seen(url, asked):
    """Return what QGIS sees of a layer."""
    name, _, box = asked.partition("@")
    source = f"url='{url}' typename='{name}' service='wfs'"
    layer = QgsVectorLayer(source, name, "OAPIF")
    if not layer.isValid():
        return {"error": layer.error().message()}
    request = QgsFeatureRequest()
    if box:
        request.setFilterRect(QgsRectangle(*map(float, box.split(","))))
    features = list(layer.getFeatures(request))
    extent = layer.extent()
    return {
        "crs": layer.crs().authid(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "extent": [
            extent.xMinimum(),
            extent.yMinimum(),
            extent.xMaximum(),
            extent.yMaximum(),
        ],
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "count": layer.featureCount(),
        "features": len(features),
        "placed": sum(f.hasGeometry() for f in features),
        "sums": {
            field.name(): sum(f.attribute(field.name()) or 0 for f in features)
            for field in layer.fields()
            if field.typeName() in ("Integer", "Real")
            and all(f.attribute(field.name()) != NULL for f in features)
        },
        "ids": sorted(str(f.attribute("id")) for f in features),
    }


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    url, *layers = sys.argv[1:]
    sys.stdout.write(json.dumps({asked: seen(url, asked) for asked in layers}))
    sys.stdout.flush()
    os._exit(0)  # its destructors outlive the interpreter, and crash
