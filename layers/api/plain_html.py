"""Pages of the API for people: plain HTML, nothing fetched from anywhere, no script."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

# The Content-Security-Policy of the site allows no inline style: what needs more than the
# browser's own style sheet does without it.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
"""


def document(title: str, content: SafeString) -> SafeString:
    """Return a whole page."""
    return format_html(_PAGE, title=title, content=content)
