"""An address without its last slash leads to the one with it, and takes the request along."""

from http import HTTPStatus

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class SameRequestElsewhere(HttpResponsePermanentRedirect):
    """308: method and body stay. After a 301 most programs would send GET, and take a list for their receipt."""

    status_code = HTTPStatus.PERMANENT_REDIRECT


class SlashMiddleware(CommonMiddleware):
    """Django's own, with the redirect that loses nothing."""

    response_redirect_class = SameRequestElsewhere
