import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('layers', '0011_layers'),
    ]

    operations = [
        migrations.CreateModel(
            name='StreetNetwork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=200)),
                ('licence', models.CharField(blank=True, default='', max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('imported_at', models.DateTimeField()),
                ('detour', models.FloatField(blank=True, null=True)),
                ('calibration', models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.AddField(
            model_name='streetnode',
            name='local_detour',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='streetnode',
            constraint=models.CheckConstraint(condition=models.Q(('local_detour__isnull', True), ('local_detour__gte', 1), _connector='OR'), name='streetnode_local_detour_min'),
        ),
        migrations.AddField(
            model_name='streetnetwork',
            name='municipality',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='layers.municipality'),
        ),
        migrations.AddConstraint(
            model_name='streetnetwork',
            constraint=models.CheckConstraint(condition=models.Q(('detour__isnull', True), ('detour__gte', 1), _connector='OR'), name='streetnetwork_detour_min'),
        ),
    ]
