"""A disk that fails, in short: one point in many of what ``tests/campaigns/faults.py`` goes through whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import faults
from tests.support.faultdisk import MODES


@pytest.mark.parametrize("mode", MODES)
def test_what_was_acknowledged_is_there_whatever_the_disk_does(mode: str, tmp_path: Path) -> None:
    campaign = faults.Campaign(tmp_path, seed=1)
    share = {
        "book": 23,
        "undo": 17,
        "bulk": 19,
        "settle": 13,
        "pull": 17,
        "large_pull": 470,
        "stage": 460,
        "backup": 90,
    }
    for workflow in faults.WORKFLOWS:
        if workflow.name in share:
            campaign.run(workflow, mode, share[workflow.name])  # type: ignore[arg-type]
    assert campaign.wrong == []
    assert sum(campaign.points.values()) >= 8


def test_an_upgrade_that_fails_is_as_if_it_had_not_been_tried(tmp_path: Path) -> None:
    campaign = faults.Campaign(tmp_path, seed=2)
    upgrade = next(workflow for workflow in faults.WORKFLOWS if workflow.name == "migrate")
    for mode in ("transient", "power"):
        campaign.run(upgrade, mode, 97)  # type: ignore[arg-type]
    assert campaign.wrong == []


def test_without_a_disk_sync_at_each_commit_it_would_be_lost(tmp_path: Path) -> None:
    """The control: a loop that finds nothing here either would prove nothing."""
    campaign = faults.Campaign(tmp_path, seed=3, synchronous=1)
    for workflow in faults.WORKFLOWS[:2]:
        campaign.run(workflow, "power", 17)
    assert any("LOST" in sentence for sentence in campaign.wrong)
