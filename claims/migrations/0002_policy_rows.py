"""Ship the policy rows as data. Rows that are there already are left as they are."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from claims.policy_rows import rows


def ship(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("claims", "PolicyWindow")
    model.objects.bulk_create([model(**row) for row in rows()], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
