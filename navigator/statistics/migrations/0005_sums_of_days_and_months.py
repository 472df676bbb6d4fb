from collections import defaultdict

from django.db import migrations, models
from django.db.models.functions import TruncMonth

_BY_DAY = (
    ("VisitorTotal", ("visitors",)),
    ("ViewTotal", ("views",)),
    ("SearchTotal", ("searches", "without_office")),
)
_BY_KEY = (
    *(("source", name, ("source",), columns) for name, columns in _BY_DAY),
    *(("province", name, ("province",), columns) for name, columns in _BY_DAY),
    ("office", "ViewTotal", ("office",), ("views", "visitors")),
    ("question", "SearchTotal", ("municipality", "sector"), ("searches", "without_office")),
)


def fill(apps, schema_editor):
    """The sums of the days that are totalled already, and of their months."""

    def summed(name, names, columns):
        rows = apps.get_model("statistics", name).objects.order_by().annotate(month=TruncMonth("day"))
        totals = {f"sum_{column}": models.Sum(column) for column in columns}
        for row in rows.values_list(*names).annotate(**totals):
            yield row[: len(names)], dict(zip(columns, row[len(names) :], strict=True))

    found = defaultdict(dict)
    for by, name, names, columns in _BY_KEY:
        for (month, *key), numbers in summed(name, ("month", *names), columns):
            found[month, by, ":".join(str(each) for each in key)].update(numbers)
    month_total = apps.get_model("statistics", "MonthTotal")
    month_total.objects.bulk_create(
        (
            month_total(month=month, by=by, key=key, **numbers)
            for (month, by, key), numbers in found.items()
        ),
        batch_size=2000,
    )
    totalled_day = apps.get_model("statistics", "TotalledDay")
    for name, columns in _BY_DAY:
        for (day,), numbers in summed(name, ("day",), columns):
            totalled_day.objects.filter(day=day).update(**numbers)


class Migration(migrations.Migration):

    dependencies = [
        ('statistics', '0004_usage'),
    ]

    operations = [
        migrations.AddField(
            model_name='totalledday',
            name='searches',
            field=models.PositiveIntegerField(default=0, verbose_name='searches'),
        ),
        migrations.AddField(
            model_name='totalledday',
            name='views',
            field=models.PositiveIntegerField(default=0, verbose_name='views'),
        ),
        migrations.AddField(
            model_name='totalledday',
            name='visitors',
            field=models.PositiveIntegerField(default=0, verbose_name='visitors'),
        ),
        migrations.AddField(
            model_name='totalledday',
            name='without_office',
            field=models.PositiveIntegerField(default=0, verbose_name='without an office'),
        ),
        migrations.AlterField(
            model_name='leftouttotal',
            name='what',
            field=models.CharField(max_length=12, verbose_name='what was asked for'),
        ),
        migrations.CreateModel(
            name='MonthTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='Its first day.', verbose_name='month')),
                ('by', models.CharField(choices=[('source', 'Source'), ('province', 'Province'), ('office', 'Regional office'), ('question', 'Municipality and sector')], max_length=8, verbose_name='summed by')),
                ('key', models.CharField(blank=True, max_length=50, verbose_name='key')),
                ('visitors', models.PositiveIntegerField(default=0, verbose_name='visitors')),
                ('views', models.PositiveIntegerField(default=0, verbose_name='views')),
                ('searches', models.PositiveIntegerField(default=0, verbose_name='searches')),
                ('without_office', models.PositiveIntegerField(default=0, verbose_name='without an office')),
            ],
            options={
                'verbose_name': 'total of a month',
                'verbose_name_plural': 'totals of months',
                'constraints': [models.UniqueConstraint(fields=('by', 'month', 'key'), name='month_total_once')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
