from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('statistics', '0005_sums_of_days_and_months'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='monthtotal',
            name='month_total_once',
        ),
        migrations.AddIndex(
            model_name='searchtotal',
            index=models.Index(fields=['postcode', 'day'], name='search_total_by_postcode'),
        ),
        migrations.AddIndex(
            model_name='supporttotal',
            index=models.Index(fields=['postcode', 'day'], name='support_total_by_postcode'),
        ),
        migrations.AddConstraint(
            model_name='monthtotal',
            constraint=models.UniqueConstraint(fields=('by', 'key', 'month'), name='month_total_once'),
        ),
    ]
