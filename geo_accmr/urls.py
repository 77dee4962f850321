"""Everything is routed by `layers`; the project only mounts it."""

from django.urls import include, path

urlpatterns = [path("", include("layers.urls"))]

handler400 = "layers.urls.bad_request"
handler404 = "layers.web.errors.not_found"
handler500 = "layers.urls.server_error"
