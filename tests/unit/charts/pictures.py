"""What the tests of the charts look at: pictures read back as XML."""

from xml.etree import ElementTree as ET

from layers.web.charts.look import Caption, Look

SVG = "{http://www.w3.org/2000/svg}"
CAPTION = Caption("People not reached", "Each bar is a district.", "No figures.")
PAGE = Look("chart")
FILE = Look("chart", has_values=True)
ARABIC = Look("chart", lang="ar", is_rtl=True)
HOSTILE = '<script>alert("1")</script>&\x00\x0b\ud800\'"'


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 (our own text)


def texts(root: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def titles(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}title")]


def whole(value: float) -> str:
    return f"{value:,.0f}"
