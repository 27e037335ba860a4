"""docs/engine.md shows what the engine does, and the latest measurements."""

from pathlib import Path

import pytest

from tests.house import plans as page
from tests.support.commands import RunCli


def test_the_page_is_current(project_root: Path) -> None:
    assert page.PAGE.read_text("utf-8") == page.render_engine_page(), "Run 'make answers'."


def test_the_plan_is_that_which_the_command_prints(
    project_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import cli

    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    [file] = (project_root / "examples" / "queries").glob("01-*.graphql")
    assert cli.main(["explain", str(file)]) == 0
    assert capsys.readouterr().out.strip() in page.PAGE.read_text("utf-8")


def test_what_has_no_plan_is_told(run_cli: RunCli, tmp_path: Path) -> None:
    file = tmp_path / "asked.graphql"
    for asked, reason in (("{ nothing }", "document"), ("{ __typename", "document")):
        file.write_text(asked)
        code, said = run_cli("sqlite:////nowhere/at/all.db", "explain", str(file))
        assert (code, said) == (1, [f"The engine has no plan for this: {reason}."])
    code, said = run_cli("sqlite:////nowhere/at/all.db", "explain", str(file), "--variables", "[")
    assert (code, said) == (1, ['VARIABLES is a JSON object, such as {"code": "370000"}.'])
