"""Signing in and out, and choosing a password: pages for people."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse_lazy

from accounts.attempts import SIGN_IN, address_of
from accounts.models import User
from accounts.services.people import set_own_password

MAX_NAME = 150


class SignInView(LoginView):
    """Ten failures from one address with one user name, then a pause; the right password waits as well."""

    template_name = "accounts/login.html"

    def _subject(self) -> str:
        name = self.request.POST.get("username", "").strip().casefold()[:MAX_NAME]
        return f"{address_of(self.request)} {name}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if SIGN_IN.is_reached(self._subject()):
            minutes = int(SIGN_IN.within.total_seconds() // 60)
            page = self.get_context_data(form=self.get_form_class()(request), wait_minutes=minutes)
            answer = self.render_to_response(page, status=HTTPStatus.TOO_MANY_REQUESTS)
            answer["Retry-After"] = str(int(SIGN_IN.within.total_seconds()))
            return answer
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        SIGN_IN.count_failure(self._subject())
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        SIGN_IN.forget(self._subject())
        return super().form_valid(form)

    def get_success_url(self) -> str:
        user = self.request.user
        if isinstance(user, User) and user.must_change_password:
            return resolve_url("accounts:password")
        return super().get_success_url()


class OwnPasswordView(PasswordChangeView):
    """Choose a password of one's own; ends the one-time one."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.request.user
        assert isinstance(user, User)
        set_own_password(user=user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        return HttpResponseRedirect(self.get_success_url())
