"""Small real pictures for uploads."""

import base64

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAACgAAAAeCAIAAADRv8uKAAAALUlEQVR4nO3NIQEAMAgAsHNJYiISiwo4zFZgkdXvwj"
    "9ZxWKxWCwWi8VisVi8MvypAYadcb53AAAAAElFTkSuQmCC"
)
