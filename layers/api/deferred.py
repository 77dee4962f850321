"""Resources that are loaded when they are first asked for.

What-if questions and siting stand on SciPy and a solver, 33 MB of a web process that may
never be asked one. Lists, tiles and exports should not pay for them.
"""

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView


class Deferred:
    """A view of a resource by its name; looks like the view itself to the API document.

    Parameters
    ----------
    module, name : str
        Where the resource's class is.
    """

    csrf_exempt = True
    initkwargs: Mapping[str, Any] = {}

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self.__name__ = self.__qualname__ = name
        self.__module__ = module

    @cached_property
    def cls(self) -> type[APIView]:
        """The resource's class."""
        return cast("type[APIView]", getattr(import_module(self._module), self._name))

    @cached_property
    def _view(self) -> Any:
        return self.cls.as_view()

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer as the resource does."""
        answer: HttpResponse = self._view(request, *args, **kwargs)
        return answer
