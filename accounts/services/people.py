"""What a person does with his own account: time zone, password, and the code by which he joins a seller."""

from django.contrib.auth.hashers import make_password
from django.core import signing

from accounts.errors import InvalidInput
from accounts.models import User

LINK_CODE_SALT = "accounts.link-code"
LINK_CODE_SECONDS = 7 * 24 * 3600


def link_code_of(user: User) -> str:
    """A code that the person hands to an owner who wants him as a member; good for seven days."""
    return signing.dumps(user.pk, salt=LINK_CODE_SALT)


def user_of_link_code(code: str) -> User:
    """Raises InvalidInput at `/link_code`: wrong, too old, and an account that has ended look the same."""
    try:
        pk = signing.loads(code, salt=LINK_CODE_SALT, max_age=LINK_CODE_SECONDS)
    except signing.BadSignature:
        pk = None
    user = User.objects.filter(pk=pk, is_active=True).first() if isinstance(pk, int) else None
    if user is None:
        raise InvalidInput.at("/link_code", "This link code is wrong or too old.", code="invalid_link_code")
    return user


def set_time_zone(*, user_id: int, time_zone: str) -> None:
    """Empty: times are shown in the seller's zone."""
    User.objects.filter(pk=user_id).update(time_zone=time_zone)


def set_own_password(*, user: User, password: str) -> None:
    """Ends the one-time password. `user` is brought up to date, so that his session can be kept."""
    user.password = make_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
