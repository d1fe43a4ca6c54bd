"""The pages of accounts, under /accounts/."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import OwnPasswordView, SignInView

app_name = "accounts"
urlpatterns = [
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", OwnPasswordView.as_view(), name="password"),
]
