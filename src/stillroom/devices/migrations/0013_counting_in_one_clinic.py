"""What counts in a room is bound to the clinic of the room and of the device."""

from django.db import migrations

from stillroom.clinics.rows import keep_in_one_clinic


class Migration(migrations.Migration):
    dependencies = [("devices", "0012_pump_said")]

    operations = [keep_in_one_clinic("devices_counting", "room_id", "clinics_room")]
