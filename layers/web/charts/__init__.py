"""Charts as SVG text: pure functions of typed rows, for pages, files and the PDF alike."""
