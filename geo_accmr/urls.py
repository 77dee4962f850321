"""Everything is routed by `layers`; the project only mounts it."""

from django.urls import include, path

urlpatterns = [path("", include("layers.urls"))]

handler400 = "layers.web.errors.bad_request"
handler404 = "layers.web.errors.not_found"
handler500 = "layers.web.errors.server_error"
