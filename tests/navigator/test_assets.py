"""The names under which static files are served change with what is in them."""

import re
import shutil

from django.conf import settings

from navigator.assets import AssetStorage

IMPORT = re.compile(r'from "\./([^"]+)"')


def test_modules_import_each_other_by_the_names_under_which_they_are_served(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DEBUG", False)
    shutil.copytree(
        settings.BASE_DIR / "navigator/static/navigator/desk", tmp_path / "navigator/desk"
    )
    storage = AssetStorage(location=tmp_path, base_url="/static/")
    scripts = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.js")]

    for _name, _hashed, done in storage.post_process({name: (storage, name) for name in scripts}):
        assert not isinstance(done, Exception), done

    served = set(storage.hashed_files.values())
    imported = {
        f"navigator/desk/{name}"
        for script in served
        for name in IMPORT.findall((tmp_path / script).read_text(encoding="utf-8"))
    }
    assert len(imported) >= 2
    assert imported <= served
