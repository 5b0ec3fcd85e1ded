"""Who takes part in the invented dialogue. No person and no institution named here exists."""

from __future__ import annotations

from typing import NamedTuple


class Invented(NamedTuple):
    """A name as it is printed, and a descriptor in its owner's own words."""

    name: str
    descriptor: str


SECRETARIAT = "Harbour Light Secretariat"
STEERING = "Steering Committee of the Four Lanterns Forum"
ADDRESSEES = ("Four Lanterns Committee, East Shore", "Four Lanterns Committee, North Shore", "港灯委员会")
OBSERVER = Invented("Ingrid HALVORSGAARD", "Observer, Fjord Centre for Quiet Diplomacy")

CHAIRS = {
    "Seo": Invented("SEO Badaro", "Director, Institute for Northern Waters"),
    "Minase": Invented("水無瀬 灯子", "港湾政策研究会 代表"),
    "Bold": Invented("Болдын Далайгэрэл", "Тэргүүн, Тал нутгийн бодлогын төв"),
}
PARTICIPANTS = {
    "Mulgyeol": Invented("KIM Mulgyeol", "Former harbour master of the port of Maehwa"),
    "Deungdae": Invented("KIM Deungdae", "Researcher, Institute for Northern Waters"),
    "Nalgae": Invented("KIM Nalgae", "Professor of sea law, Maehwa University"),
    "Pado": Invented("한파도", "매화시 국제교류 담당관"),
    "Baek": Invented("BAEK Garambyeol", "Former envoy, speaking for herself"),
    "Ryu": Invented("류등불", "은하수 평화연구소 연구위원"),
    "Tokiwa": Invented("常盤 凪", "元 海上救難庁 参与"),
    "Kazahaya": Invented("KAZAHAYA Shiori", "Editor, The Quiet Waters Review"),
    "Yukishiro": Invented("雪城 悠", "北湾大学 教授"),
    "Asagiri": Invented("ASAGIRI Ren", "Former liaison officer, Straits Rescue Service"),
    "Hoshikawa": Invented("星川 ほたる", "潮目市 市民交流センター長"),
    "Mizuhara": Invented("MIZUHARA Kei", "Oil spill engineer, Blue Boom Laboratory"),
    "Lin": Invented("林汐灯", "东湾大学海洋法教授"),
    "Shen": Invented("SHEN Chaodeng", "Senior fellow, East Bay Centre for Regional Studies"),
    "Bai": Invented("白露汀", "沙尘观测协作网 前召集人"),
    "Meng": Invented("MENG Dengzhou", "Public health adviser, port of Qingtan"),
    "Jiang": Invented("江望潮", "青滩市国际合作办公室 研究员"),
    "Lan": Invented("LAN Haixian", "Cable engineer, retired"),
    "Anna": Invented("Анна Дальнебережная", "Старший научный сотрудник, Центр дальних берегов"),
    "Gleb": Invented("Глеб Туманопристанский", "Капитан дальнего плавания в отставке"),
    "Vera": Invented("Вера Маячная", "Редактор журнала «Тихие воды»"),
    "Polyarny": Invented("Lev POLYARNY", "Professor, Far Coast Academy"),
    "Maria": Invented("Мария Ледоставская", "Эпидемиолог, портовая больница Северной гавани"),
    "Enkh": Invented("Энхжаргалын Номун", "Судлаач, Тал нутгийн бодлогын төв"),
    "Tsend": Invented("TSEND Altan-Od", "Former ambassador-at-large, speaking for himself"),
    "Saran": Invented("Саранчимэг Ариун", "Залуучуудын сүлжээний зохицуулагч"),
    "Wicklamp": Invented("Marguerite WICKLAMP", "Senior fellow, Lantern House"),
    "Okafor": Invented("Daniel OKAFOR-REYES", "Arms control scholar, Cedar Street Institute"),
    "Pellegrin": Invented("Aurore PELLEGRIN-SEL", "Programme lead, Bridges of Salt"),
    "Hargreave": Invented("Tobias HARGREAVE-QUAY", "Retired naval officer, speaking for himself"),
    "Lindqvist": Invented("Saga LINDQVIST-MOREAU", "Mediator, Fjord Centre for Quiet Diplomacy"),
    "Ferreira": Invented("Inês FERREIRA DO VALE", "Disaster relief planner, Open Harbour Network"),
    "Castellanos": Invented("Mateo CASTELLANOS-FARO", "Archivist, House of Minutes"),
}
MEMBERS = {**CHAIRS, **PARTICIPANTS}
