"""The comments of the invented dialogue, a line each, in the order in which they were made.

A line is: P1 Gleb “at all times”: what it is about, by whom, on which words if not on all, and the words
themselves. One that begins with > answers the comment above. After => stands what became of it, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

FIRST = """
P1 Ryu: The three longest silences I know of began with a line that was cut.
> Hargreave: And ended with one that was repaired. The text should say who repairs.
P1 Gleb “cut when it is needed most”: I have stood beside such a telephone. => noted: It explains the text.
P1 Wicklamp: Could the item name the lines it means? => declined: A list would be out of date within a year.
P1 Jiang: 建议在文本中说明由谁负责接听。 => partly: Amendment A9 says so for exercises.
P2 Asagiri “14 days”: Rescue services would be glad of even ten.
> Mulgyeol: Crews mend nets for two weeks. Fourteen is right.
P2 Tokiwa: 演習区域の座標の書き方も統一すべきである。 => noted: For the working level.
P2 Vera: Кто отвечает за перевод уведомлений? => noted: The host, as with every notice today.
P2 Bai: A notice that nobody translates is no notice. => accepted: See the amendment on languages.
P3 Kazahaya: I offer to print it.
> Lin: 谢谢。词汇表第一稿可以在三月完成。
P3 Okafor “two hundred terms”: Please include words for: it was a mistake.
> Baek: Those are the first words that I would look up.
P3 Enkh: Монгол хэлний нэр томьёог бид бэлтгэж болно. => accepted: With thanks.
P4 Deungdae: Is this not the same work as the glossary?
> Seo: The two could be merged. I will propose a text. => accepted: Merged in P17.
P4 Lindqvist: Test days should not be holidays in any country. => noted: The agreed day will see to it.
P4 Polyarny: Sharing results can embarrass. => declined: Only those who took part see them.
P5 Gleb “handover of a rescue”: The handover is where people are lost. Rightly stressed.
P5 Nalgae: The word waters will raise the question of whose.
> Tokiwa: 同感です。「救難区域」ではどうでしょう。 => accepted: Amended so.
P5 Hoshikawa: 漁協からの参加者の旅費はだれが負担しますか。 => noted: For the working level.
P5 Ferreira: Relief organisations bring what ships do not carry.
P6 Meng: Oil also closes hospitals' water intakes.
P6 Mizuhara “within six hours”: Models of the current are ready in four. => noted: Six leaves small ports time.
P6 Lan: Containers are debris with corners.
P6 Pado: 작은 항구도 받을 수 있는 방식이어야 합니다. => partly: The list of ports will say how each is reached.
P6 Castellanos: Keep the warnings; in ten years they will be a history of the sea.
P7 Maria “the same advice on the same day”: Врачи скажут спасибо.
P7 Bai: 测量与健康建议是两件事，由不同部门负责。
> Meng: Agreed, two services and two budgets. It should be two items. => accepted: Split into P18 and P19.
P7 Yukishiro: 煙の観測は時間ごとでは粗すぎる場合がある。 => noted: Hourly is the floor.
P7 Saran: Хүүхдүүд тоос орсон өдөр гадаа тоглодог. Зөвлөгөө ойлгомжтой байх ёстой. => accepted: Now in P19.
P8 Ryu: Numbers without names still frighten a small town. => partly: Clusters below five are not reported.
P8 Shen “A small joint office”: How small?
> Meng: Two people and a telephone.
P8 Maria: Двое суток это слишком долго. => accepted: Amended to one day.
P8 Pellegrin: Who may see the reports? => noted: Hospitals only; see the amendment on deletion.
P9 Lan: I have waited at anchor for eleven days with the cable on the sea bed below me.
P9 Polyarny “without delay”: Without delay and without notice are not the same. => accepted: Amended so.
P9 Hargreave: Escorts should not be mistaken for something else. => noted: A matter for notices, P2.
P10 Enkh: Хөдөөгийн залуучуудад зориулсан хувь маш чухал.
P10 Jiang “thirty young experts”: 三十人是合适的规模。
P10 Wicklamp: Who chooses? => noted: A panel, one from each place.
P10 Baek: I was such a fellow, in another century. It made everything else possible.
P11 Pado “museums and harbour museums”: 박물관이 두 번 나옵니다. => accepted: Mended as an editorial change.
P11 Hoshikawa: 最初の会合は潮目市で引き受けます。
P11 Vera: Журнал готов писать о каждом порте.
P12 Okafor: A forum that meets only after incidents meets too late.
> Polyarny: And one that meets always becomes furniture.
P12 Tsend “report to all governments alike”: Alike is the important word.
P12 Lin: 建议使用各方都能接受的措辞。 => accepted: See the amendment on military competition.
P12 Hargreave: Begin with what sailors already agree on. => accepted: The item begins with incidents at sea.
P13 Lindqvist: Two pages, yes, but in which language? => accepted: In any language of the region.
P13 Bai “two months”: 两个月可行。
P13 Saran: Жижиг байгууллагууд ихэвчлэн бүртгэлгүй байдаг. => noted: The word registered was not taken in.
P14 Castellanos: Minutes are the cheapest confidence-building measure there is.
P14 Nalgae: And the first thing to be lost. => accepted: Three copies.
P14 Anna “promise of confidence”: Обещание даёт тот, кто говорил, а не тот, кто записывал. => noted: As the text has it.
P15 Wicklamp: Verified by national means means not verified. => partly: Under discussion.
P15 Polyarny: It is what is possible.
> Okafor: Then make it shorter, and it may be kept.
P15 Tsend “three years”: Three years is one election.
P15 Minase: この提案について合意は難しいと感じています。
P16 Vera: На самом деле это дело самих портов. Я сниму предложение.
"""
SECOND = """
P2 Tokiwa “at any hour”: 夜間の電話に出る人を決めておく必要がある。 => noted: For the working level.
P1 Hargreave “air traffic hotline”: Good. That was the gap.
P1 Ryu: 수리 책임까지 적힌 것은 큰 진전입니다.
P2 Mulgyeol “more than five ships”: Now a harbour office can count.
P2 Vera: По радио услышат все, и это главное.
P5 Tokiwa “rescue regions”: この語なら全員が署名できます。
P6 Lan: Thank you for the containers.
P8 Maria “within one day”: Спасибо. Так можно работать.
P8 Shen: A year is long enough to learn and short enough to forget.
P9 Shen “on notice to the coastal state”: 这样各沿海国都可以接受。
P9 Lan: Notice is a telephone call. I can live with that.
P10 Kazahaya: Mentors should be asked before they are named. => noted: For the panel.
P11 Vera “each time in another port”: Теперь читается легко.
P12 Baek “where all have something to lose”: This is why they will come.
P12 Polyarny: I shall still object to the word standing.
> Okafor: Then say so in the call, and let us see.
P13 Pellegrin “two pages in any language of the region”: We will find the translators.
P14 Castellanos: The House of Minutes offers one of the three shelves. => accepted: With thanks.
P15 Polyarny: Two years or three, the principle stands.
> Wicklamp: A principle that nobody can see from outside.
P17 Deungdae: The merged text keeps every word of both. Good.
P17 Asagiri “two hundred terms”: 海上保安の用語も含めてください。 => accepted: Twenty of them.
P17 Lin: The glossary lies beside the telephone on test day. That is the use of merging.
P18 Bai “open format”: 开放格式很重要。
P18 Yukishiro: 観測点の位置も公開すべきである。 => noted: Stations publish it already.
P18 Anna: Наши станции готовы с января.
P19 Maria “a child can read it”: Именно так.
P19 Saran: Үүнийг сургуулиудад тараая.
P19 Meng: Ports will post it at the ferry gates. => noted: With thanks.
P11 Pado: 다음 모임은 매화시에서 열기를 제안합니다.
P10 Saran: Баярлалаа. Энэ бол миний хамгийн сайн хурал байлаа.
P14 Ingrid: Observers may read the archive, I hope. => accepted: It is open.
P6 Mizuhara: 流出油のモデルを公開します。
P1 Wicklamp: I withdraw my wish for a list. The text is better short.
"""
LINE = re.compile(
    r"(?:(?P<item>P\d+) |> )(?P<by>\w+)(?: “(?P<quoted>[^”]+)”)?: (?P<words>.+?)"
    r"(?: => (?P<disposition>\w+): (?P<reason>.+))?"
)


class Comment(NamedTuple):
    """`item` is None in an answer to the comment before."""

    item: str | None
    by: str
    quoted: str | None
    words: str
    disposition: str | None
    reason: str | None


def comments(lines: str) -> Iterator[Comment]:
    """The comments that stand in these lines."""
    for line in lines.strip().splitlines():
        match = LINE.fullmatch(line)
        assert match is not None, line
        yield Comment(**match.groupdict())
