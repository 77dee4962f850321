"""The same little town in every format that streets come in.

Junctions at 37.98 north, 0.001 degrees of longitude (87.8 m in EPSG:2100) apart:

    1 --- 2 --- 3        Main Street: one way 10 of OSM, driven one way, walked both
          |
          4              Steps: way 11
    1 === 4              a motorway, which nobody walks: way 12
    5 --- 6              a courtyard of 87.8 m that nothing joins: way 13
"""

import json
from itertools import pairwise
from pathlib import Path

import osmium
from osmium.osm.mutable import Node
from osmium.osm.mutable import Way as OsmWay

SPOTS = {
    1: (23.720, 37.98),
    2: (23.721, 37.98),
    3: (23.722, 37.98),
    4: (23.721, 37.979),
    5: (23.724, 37.98),
    6: (23.725, 37.98),
}
WAYS = (
    ((1, 2, 3), {"highway": "residential", "oneway": "yes", "name": "Κεντρική"}),
    ((2, 4), {"highway": "steps"}),
    ((1, 4), {"highway": "motorway"}),
    ((5, 6), {"highway": "service"}),
)
STRETCHES = tuple((a, b, tags) for ids, tags in WAYS for a, b in pairwise(ids))


def pbf(path: Path, ways=WAYS, spots=SPOTS, heights=()) -> Path:
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    for number, spot in sorted(spots.items()):
        tags = {"ele": str(heights[number])} if number in heights else {}
        writer.add_node(Node(id=number, location=spot, tags=tags))
    for number, (ids, tags) in enumerate(ways, start=10):
        writer.add_way(OsmWay(id=number, nodes=list(ids), tags=tags))
    writer.close()
    return path


def graphml(path: Path, stretches=STRETCHES, spots=SPOTS, crs="", more="") -> Path:
    keys = ("x", "y", "elevation", "highway", "name", "length", "geometry", "crs")
    lines = ['<?xml version="1.0"?>', more]
    lines.append('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">')
    lines += [f'<key id="{key}" attr.name="{key}"/>' for key in keys]
    lines.append('<graph edgedefault="directed">')
    if crs:
        lines.append(f'<data key="crs">{crs}</data>')
    for number, (x, y, *height) in spots.items():
        values = {"x": x, "y": y, **({"elevation": height[0]} if height else {})}
        lines.append(f'<node id="{number}">{_data(values)}</node>')
    for a, b, tags in stretches:
        lines.append(f'<edge source="{a}" target="{b}">{_data(tags)}</edge>')
    lines.append("</graph></graphml>")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _data(values) -> str:
    return "".join(f'<data key="{key}">{value}</data>' for key, value in values.items())


def geojson(path: Path, stretches=STRETCHES, spots=SPOTS, ends=False) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {**tags, **({"u": a, "v": b} if ends else {})},
            "geometry": {"type": "LineString", "coordinates": [spots[a], spots[b]]},
        }
        for a, b, tags in stretches
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def junctions(path: Path, spots=SPOTS, heights=()) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {
                "osmid": number,
                "elevation": dict(heights).get(number),
            },
            "geometry": {"type": "Point", "coordinates": list(spot)},
        }
        for number, spot in spots.items()
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path
