"""What the film says: scenes of sentences. `say` is spelt for the voice, `vi` and `en` are captions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    vi: str
    en: str
    say: str | None = None
    pause: float = 0.5  # seconds of silence after it


@dataclass(frozen=True)
class Scene:
    name: str
    chapter: str | None  # None: goes on with the chapter before
    lines: tuple[Line, ...]
    lead: float = 0.5  # seconds of picture before the voice
    tail: float = 0.5


SCENES = (
    Scene("title", "Mở đầu", (
        Line("Chào các em! Hôm nay, chúng ta tìm hiểu chuyển động thẳng biến đổi đều.",
             "Hello! Today we look at motion in a straight line with constant acceleration."),
    ), lead=0.8),
    Scene("car", "Vận tốc tăng đều", (
        Line("Một chiếc xe bắt đầu chạy từ trạng thái đứng yên.",
             "A car starts from rest."),
        Line("Cứ sau mỗi giây, vận tốc của xe lại tăng thêm 2 mét trên giây.",
             "Every second, its velocity grows by 2 metres per second.",
             say="Cứ sau mỗi giây, vận tốc của xe lại tăng thêm hai mét trên giây."),
        Line("Vì thế, quãng đường đi được trong mỗi giây dài dần ra.",
             "So the distance covered in each second gets longer and longer."),
    )),
    Scene("acceleration", "Gia tốc", (
        Line("Đại lượng cho biết vận tốc thay đổi nhanh hay chậm gọi là gia tốc.",
             "The quantity that tells how fast velocity changes is called acceleration."),
        Line("Gia tốc bằng độ biến thiên vận tốc chia cho khoảng thời gian. Ở đây, gia tốc là 2 mét trên giây bình phương.",
             "It is the change of velocity divided by the time taken. Here it is 2 metres per second squared.",
             say="Gia tốc bằng độ biến thiên vận tốc, chia cho khoảng thời gian. Ở đây, gia tốc là hai mét trên giây bình phương."),
    )),
    Scene("graph", "Đồ thị vận tốc – thời gian", (
        Line("Trên đồ thị vận tốc – thời gian, ta được một đường thẳng. Độ dốc của nó chính là gia tốc.",
             "On a velocity–time graph we get a straight line. Its slope is the acceleration.",
             say="Trên đồ thị vận tốc theo thời gian, ta được một đường thẳng. Độ dốc của nó chính là gia tốc."),
    )),
    Scene("area", "Quãng đường đi được", (
        Line("Diện tích phần hình nằm dưới đồ thị cho biết độ dịch chuyển.",
             "The area under the graph gives the displacement."),
        Line("Sau 4 giây, xe đi được 16 mét.",
             "After 4 seconds, the car has gone 16 metres.",
             say="Sau bốn giây, xe đi được mười sáu mét."),
    )),
    Scene("summary", "Ghi nhớ", (
        Line("Hãy ghi nhớ ba công thức này, rồi thử sức với phiếu bài tập. Chúc các em học tốt!",
             "Remember these three formulas, then try the worksheet. Enjoy your study!"),
    ), tail=1.6),
)
