"""Jobs of long analyses, which run was in force when, and what standing runs counted."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "run_history.sql"


class Migration(migrations.Migration):
    """New tables, their views in schema `published`, and the history as far as known."""

    dependencies = (("layers", "0015_intervals_in_layers"),)

    operations = (
        migrations.AddField(
            model_name='analysisrun',
            name='rows_hash',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.CreateModel(
            name='AnalysisJob',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('nightly', 'Nightly'), ('question', 'Question')], max_length=10)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('hash', models.CharField(max_length=64)),
                ('night', models.DateField(blank=True, null=True)),
                ('token_hash', models.CharField(blank=True, default='', max_length=64)),
                ('asker', models.CharField(blank=True, default='', max_length=64)),
                ('queue_id', models.BigIntegerField(blank=True, null=True)),
                ('cancel_asked_at', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('doing', models.CharField(blank=True, default='', max_length=200)),
                ('error', models.CharField(blank=True, default='', max_length=500)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='layers.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='AnalysisStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('parameters', models.JSONField()),
                ('seconds', models.FloatField(blank=True, null=True)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='layers.analysisjob')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='layers.analysisrun')),
            ],
        ),
        migrations.CreateModel(
            name='ListedPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service_point_id', models.UUIDField()),
                ('service_id', models.UUIDField()),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('committees', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('districts', models.JSONField(default=dict)),
                ('listed_from', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('listed_until', models.DateTimeField(blank=True, null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='layers.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='RunInForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('municipality', 'Municipality'), ('municipal_community', 'Municipal Community'), ('neighbourhood', 'Neighbourhood')], max_length=30)),
                ('term_kind', models.CharField(choices=[('category', 'Category'), ('committee', 'Committee')], max_length=20)),
                ('group', models.SlugField(blank=True, default='', max_length=60)),
                ('threshold_min', models.FloatField()),
                ('since', models.DateTimeField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='layers.municipality')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='in_force', to='layers.analysisrun')),
            ],
        ),
        migrations.AddIndex(
            model_name='analysisjob',
            index=models.Index(fields=['state', 'created_at'], name='analysisjob_state'),
        ),
        migrations.AddConstraint(
            model_name='analysisjob',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['nightly', 'question'])), name='analysisjob_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='analysisjob',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'finished', 'failed', 'cancelled'])), name='analysisjob_state_known'),
        ),
        migrations.AddConstraint(
            model_name='analysisjob',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('hash',), name='analysisjob_under_way_unique'),
        ),
        migrations.AddConstraint(
            model_name='analysisjob',
            constraint=models.UniqueConstraint(condition=models.Q(('night__isnull', False)), fields=('municipality', 'night'), name='analysisjob_night_unique'),
        ),
        migrations.AddConstraint(
            model_name='analysisjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['queued', 'running'])), models.Q(models.Q(('state__in', ['queued', 'running']), _negated=True), ('asker', ''), ('finished_at__isnull', False)), _connector='OR'), name='analysisjob_finished'),
        ),
        migrations.AddConstraint(
            model_name='analysisstep',
            constraint=models.UniqueConstraint(fields=('job', 'position'), name='analysisstep_position_unique'),
        ),
        migrations.AddIndex(
            model_name='listedplace',
            index=models.Index(fields=['municipality', 'listed_until'], name='listedplace_until'),
        ),
        migrations.AddConstraint(
            model_name='listedplace',
            constraint=models.CheckConstraint(condition=models.Q(('listed_until__isnull', True), ('listed_until__gt', models.F('listed_from')), _connector='OR'), name='listedplace_order'),
        ),
        migrations.AddConstraint(
            model_name='listedplace',
            constraint=models.UniqueConstraint(condition=models.Q(('listed_until__isnull', True)), fields=('service_point_id',), name='listedplace_current_unique'),
        ),
        migrations.AddConstraint(
            model_name='runinforce',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['municipality', 'municipal_community', 'neighbourhood'])), name='runinforce_level_known'),
        ),
        migrations.AddConstraint(
            model_name='runinforce',
            constraint=models.CheckConstraint(condition=models.Q(('term_kind__in', ['category', 'committee'])), name='runinforce_term_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='runinforce',
            constraint=models.UniqueConstraint(fields=('municipality', 'term_kind', 'level', 'group', 'threshold_min', 'since'), name='runinforce_moment_unique'),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    )
