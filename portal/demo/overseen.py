"""What the oversight found in the demo province, and what the focal point settled of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from portal.core import clock
from portal.core.context import acting_as, system_actor
from portal.core.db import bind_actor
from portal.demo.directory import Directory
from portal.extensions import db
from portal.oversight import queries
from portal.oversight.settling import settle, travelled
from portal.oversight.signals import find_signals
from portal.oversight.types import SignalFilter

_REASONS: Final = (
    "Đoàn thường niên theo thỏa thuận hợp tác của hai bên; đã đối chiếu báo cáo của từng chuyến.",
    "Chuyến sau thực hiện giai đoạn tiếp theo của cùng một chương trình đã được phê duyệt.",
    "Thành phần và nội dung làm việc khác nhau; trùng từ ngữ do dùng chung mẫu đề cương.",
)


def look(directory: Directory, now: datetime) -> None:
    """Find the signals and settle every other one about the same country and content."""
    with clock.frozen_at(now - timedelta(days=3)):
        find_signals()
    focal = directory.actor("sngv.cb")
    with clock.frozen_at(now - timedelta(days=2, hours=-9)), acting_as(focal):
        bind_actor(focal)
        found = queries.signals(SignalFilter(kind="same-content", settled=False))
        mine = [row for row in found if not travelled(focal, [*row.files])]
        for number, row in enumerate(mine[::2]):
            settle(row.id, _REASONS[number % len(_REASONS)])
        db.session.flush()
    bind_actor(system_actor("Dữ liệu mẫu"))
