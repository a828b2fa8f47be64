"""How the page looks: one style sheet, system letters, no script."""

from __future__ import annotations

STYLE = """
:root{--ink:#16202b;--quiet:#596573;--rule:#dfe4e9;--pale:#f4f6f8;--served:#b0d2e8;--strong:#c84008;--deep:#00548c;--gain:#00785a;
--serif:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Georgia,"Liberation Serif",serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:#fff;color:var(--ink);font:16px/1.55 var(--sans);
-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:1160px;margin:0 auto;padding:40px 32px 80px}
h1,.lead{font-family:var(--serif);font-weight:400;letter-spacing:-.01em}
h1{font-size:1.3rem;margin:0 0 10px;color:var(--quiet)}
h2{font:600 1.45rem/1.25 var(--sans);letter-spacing:-.015em;margin:0 0 8px}
h3{font:600 1.08rem/1.3 var(--sans);margin:32px 0 10px}
h4{font:600 .95rem/1.3 var(--sans);margin:0 0 8px}
p{margin:0 0 12px;max-width:72ch}
.kicker{font-size:.8rem;letter-spacing:.02em;color:var(--quiet);margin:0 0 22px;
padding-bottom:10px;border-bottom:3px solid var(--ink);max-width:none}
.lead{font-size:clamp(1.45rem,1.05rem + 1.7vw,2.15rem);line-height:1.28;margin:0 0 20px;max-width:36em;text-wrap:pretty}
.lead + .also{font-size:1.15rem;line-height:1.45;margin:0 0 20px;max-width:44em;text-wrap:pretty}
.note{font-size:.9rem;color:var(--quiet);margin-bottom:6px}
.note strong{color:var(--ink)}
.quiet,small{color:var(--quiet)}
.quiet{font-size:.875rem}
section{border-top:1px solid var(--rule);margin-top:52px;padding-top:30px}
figure{margin:0}
figcaption{font-size:.875rem;line-height:1.45;color:var(--quiet)}

.glance{margin-top:34px;padding:24px 26px 18px;background:var(--pale);border-radius:6px}
.glance h2{font-size:1.1rem;margin:0;color:var(--ink)}
.bars{list-style:none;margin:16px 0 0;padding:0}
.bars li{display:grid;grid-template-columns:minmax(200px,36%) 1fr 148px;gap:16px;
align-items:center;padding:6px 0;border-top:1px solid var(--rule)}
.bars b{font-weight:600;font-size:.93rem;line-height:1.3}
.bars small{display:block;font-weight:400;font-size:.8rem}
.bars em{font-style:normal;font-variant-numeric:tabular-nums;font-size:.93rem;text-align:right;white-space:nowrap}
.bars em small{color:var(--gain);font-weight:600}
.track{display:flex;height:18px;background:var(--served);border-radius:2px;overflow:hidden}
.bare{background:none}
.pale{background:var(--rule)}
.more{height:8px;margin-top:2px}
.track i{display:block;height:100%}

.scroll{overflow-x:auto;margin:14px 0 0;-webkit-overflow-scrolling:touch;
background:linear-gradient(90deg,#fff 40%,#fff0) 0 0/48px 100% no-repeat local,
linear-gradient(270deg,#fff 40%,#fff0) 100% 0/48px 100% no-repeat local,
linear-gradient(90deg,#16202b33,#16202b00) 0 0/14px 100% no-repeat,
linear-gradient(270deg,#16202b33,#16202b00) 100% 0/14px 100% no-repeat}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--deep);outline-offset:2px}
table{border-collapse:collapse;font-size:.84rem;line-height:1.35;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:8px 7px;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule)}
th{font-weight:600}
thead th{font-size:.76rem;color:var(--quiet);vertical-align:bottom;line-height:1.25}
thead th.group{border-bottom:0;text-align:center;padding-bottom:0}
thead tr:last-child th{border-bottom:2px solid var(--ink)}
thead th[rowspan]{border-bottom:2px solid var(--ink)}
tr>:first-child,.words,.prose th,.prose td{text-align:left}
thead tr:nth-child(2) th:first-child{text-align:right}
tbody th{position:sticky;left:0;background:#fff;min-width:9.5em}
td small,th small{display:block;font-weight:400;font-size:.76rem}
.numbers td{white-space:nowrap}
.numbers td.words{white-space:normal;min-width:8em}
.dense{font-size:.78rem}
.dense th,.dense td{padding:7px 4px}
.dense tbody th{min-width:9em}
.dense thead th{font-size:.7rem}
.dense td.words{min-width:6em}
.heat td,.heat th{padding:5px 9px;vertical-align:middle}
.heat{table-layout:fixed;min-width:840px}
.heat thead th:first-child{width:150px}
.heat.many{min-width:1080px}
.heat.many th,.heat.many td{padding:5px}
.heat.many thead th{font-size:.7rem}
.heat.many td small{white-space:normal}
.heat.few{table-layout:auto;width:auto;min-width:0}
.few tbody td:not(.count){min-width:150px}
.few thead th:first-child{min-width:190px}
.heat th.count{width:96px}
.heat tbody td{white-space:nowrap}
.heat .full,.heat .part,.heat .never{border-bottom:1px solid #fff;border-left:1px solid #fff}
.heat td small{color:inherit}
.heat .full{background:#e6f0f7}
.heat .never{background:#eceef0;color:var(--quiet);white-space:normal}
.prose td{vertical-align:top;min-width:6em}
.prose td:first-child{min-width:17em}
.loads{table-layout:fixed;min-width:520px}
.loads td{text-align:left}
.loads thead th{text-align:left}
.bar{display:block;height:10px;background:var(--rule);margin:5px 0 4px;max-width:150px;border-radius:1px}
.bar i{display:block;height:100%;background:var(--deep);border-radius:1px}
span.lost{color:var(--strong);font-weight:600}
details{margin-top:10px}
summary{cursor:pointer;font-size:.9rem;color:var(--deep)}

.compared td .bar{float:left;width:72px;margin:5px 8px 0 0;background:var(--served)}
.compared td .bar.gain{float:none;width:auto;display:flex}
.bar.gain i+i{background:#4fa78d}
.compared{width:auto}
.compared .line{display:block}
.compared th,.compared td{padding-left:11px;padding-right:11px}
.compared tr>:first-child{padding-left:0}
.scroll+.quiet{margin-top:8px}
.case tbody th{min-width:15em}
.bar.gain i{background:#00785a}
.compared td.leads{min-width:9.4em}
.compared td.quiet{font-size:inherit}
.compared td.words{min-width:9.5em}
.compared .kind{color:var(--quiet);font-size:.76rem;padding-top:14px;position:static;border-bottom-color:var(--ink)}
.case,.still{border-top:1px solid var(--rule);margin:0;padding:8px 0;max-width:none}
.case summary,.still{font-size:.9rem}
.case summary small,.still small{font-size:.84rem;margin-left:.6em}

.defs{position:absolute;width:0;height:0;overflow:hidden}
.before{display:grid;grid-template-columns:minmax(0,1.9fr) minmax(230px,1fr);gap:32px;margin-top:18px;align-items:start}
.before h3{margin-top:0}
.before.broad{display:block}
.before.broad .legend{columns:300px 3;column-gap:32px;margin-top:16px}
.legend li{break-inside:avoid}
.cards.broad{grid-template-columns:minmax(0,1fr)}
.cards.lists{grid-template-columns:repeat(auto-fit,minmax(min(480px,100%),1fr))}
.lists .bars{margin:0 0 12px}
.lists .bars li{grid-template-columns:minmax(130px,28%) 1fr 158px;gap:12px;padding:5px 0}
.broad figcaption{margin-top:8px}
.narrow{display:none}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(300px,100%),1fr));gap:34px 28px;margin-top:16px}
.cards figure{display:grid;grid-row:span 3;grid-template-rows:subgrid;row-gap:0}
.cards.lists figure,.cards.broad figure{display:block}
.cards h3,.cards h4{flex:1;font:600 .95rem/1.3 var(--sans);margin:0 0 8px;display:flex;
flex-direction:column;justify-content:flex-end;gap:4px}
.cards figcaption p{margin:0 0 4px}
.lists h3{flex:none}
.map{display:block;width:100%;height:auto;border:1px solid var(--rule);border-radius:3px;overflow:hidden}
.map+figcaption,.chart+figcaption{margin-top:8px}
.sea{fill:#eef2f5}
.land{fill:#fbfaf7;stroke:#fbfaf7;stroke-width:1}
.served{fill:var(--served)}
.map path{fill-rule:evenodd}
.borders,.regions,.rim,.curve,.bracket{fill:none;vector-effect:non-scaling-stroke}
.borders{stroke:#9aa3ac;stroke-width:.8}
.regions{stroke:#fff;stroke-width:.9;stroke-opacity:.85}
.rim{stroke:#39434e;stroke-width:.8;stroke-opacity:.75;stroke-linejoin:round}
.islet,.islet-rim{fill:none;stroke-linecap:round;vector-effect:non-scaling-stroke;stroke-width:5px}
.islet-rim{stroke:#39434e;stroke-width:6.4px}
.served-rim{stroke:var(--served)}
.islet.added{stroke-width:2.8px}
.islet.small{stroke-width:var(--islet,0)}
.islet-rim.small{stroke-width:var(--islet-rim,0)}
.islet.added.small{stroke-width:var(--islet-added,0)}
.map.small{--islet:5px;--islet-rim:6.4px;--islet-added:2.8px}
svg text{font-family:var(--sans);fill:var(--ink)}
.map text{paint-order:stroke;stroke:#fff;stroke-width:.28em;stroke-linejoin:round}
.map .country{fill:#66707b;letter-spacing:.06em;stroke-opacity:0}
.map .name{font-weight:600;fill:var(--deep)}
.map .name.lost{fill:#9c2c00}
.map .name.idle{fill:var(--quiet);font-weight:400}
.dots{fill:var(--ink)}
.load{fill:var(--deep);fill-opacity:.2;stroke:var(--deep);stroke-opacity:.5;stroke-width:1;vector-effect:non-scaling-stroke}
path.gateway,path.pop,path.idle{fill:var(--deep);stroke:#fff;stroke-width:.16;stroke-linejoin:round}
path.idle{fill:#8a939c}
path.lost{fill:none;stroke:#9c2c00;stroke-width:.5;stroke-linecap:round}
.legend{list-style:none;margin:0 0 14px;padding:0;font-size:.875rem;line-height:1.35}
.legend li{display:flex;gap:12px;align-items:center;padding:4px 0}
.swatch{flex:none;width:72px;height:18px;display:block}
.chart{display:block;width:100%;height:auto;font-size:11.5px}
.chart text{fill:var(--quiet)}
.chart .event{fill:var(--ink)}
.chart .gain{fill:#fff;font-weight:600;paint-order:stroke;stroke:#00785a;stroke-width:3px;stroke-linejoin:round}
.axis{stroke:#39434e}
.grid{stroke:#fff;stroke-opacity:.7}
.curve{stroke:#39434e;stroke-width:1}
.bracket{stroke:var(--ink);stroke-width:1.2}
.said{font-size:1.08rem}
.cards+dl,.scroll+dl{margin-top:20px}
.rates td .bar{min-width:90px;max-width:none;background:var(--served)}
.growth polyline{fill:none;stroke-width:2.4;stroke-linejoin:round}
.growth .tenth{stroke-width:1.8;stroke-dasharray:6 5}
.growth .here{fill:#fff;stroke-width:2.4}
.growth .hair{stroke:#dfe4e9}
.growth .usable{stroke:#39434e;stroke-width:1.2;stroke-dasharray:2 3}
.growth .number{font-weight:600;paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.lines{margin:14px 0;font-size:.95rem}
.lines li{align-items:flex-start;max-width:72ch}
.key{flex:none;width:28px;height:18px;display:inline-block;vertical-align:middle}
.keys{list-style:none;padding:0;margin:0 0 4px;display:flex;flex-wrap:wrap;gap:2px 22px}
.keys .key{margin-right:8px}
.key .solid,.key .dashed,.key .ring{fill:none;stroke:var(--ink);stroke-width:1.6}
.key .dashed{stroke-dasharray:5 3}
aside{background:var(--pale);border-left:4px solid var(--deep);padding:20px 24px 10px;margin-top:30px}
aside h3{margin-top:0}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr));gap:18px 36px;margin:14px 0 0}
dt{font-weight:600;font-size:.93rem}
dd{margin:2px 0 0;font-size:.9rem;color:var(--quiet)}
pre{background:var(--pale);padding:14px 18px;overflow-x:auto;border-radius:4px;
font:.85rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{font:.76rem ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
#sources ul{padding-left:1.2em;font-size:.93rem}

@media screen and (max-width:760px){
main{padding:22px 16px 48px}
section{margin-top:38px;padding-top:24px}
h2{font-size:1.25rem}
.glance{padding:18px 16px 10px;margin-left:-6px;margin-right:-6px}
.bars li{grid-template-columns:1fr auto;gap:6px 12px}
.lists .bars li{grid-template-columns:1fr auto}
.bars b{grid-column:1}
.bars em{grid-column:2;grid-row:1;align-self:start}
.bars div{grid-column:1/-1}
.track{height:14px}
.more{height:7px}
.before{grid-template-columns:minmax(0,1fr);gap:18px}
.wide{display:none}
.narrow{display:block}
.heat{min-width:600px}
.heat.many{min-width:960px}
.heat .count{display:none}
.heat thead th:first-child{width:122px}
tbody th{min-width:7.4em;max-width:9em;font-size:.8rem;box-shadow:1px 0 0 var(--rule)}
}
@page{margin:14mm}
@media print{
body{font-size:10.5pt}
main{max-width:none;padding:0}
section{margin-top:26px;padding-top:16px}
figure,tr,aside,dl>div,.before{break-inside:avoid}
h2,h3{break-after:avoid}
.scroll{overflow:visible}
table{font-size:7.4pt}
thead th{font-size:6.6pt}
td small,th small,code{font-size:6.4pt}
th,td{padding:3px 4px}
.heat tbody td,.numbers td{white-space:normal}
.numbers td.words,.prose td,.prose td:first-child{min-width:0}
.bars li{grid-template-columns:30% 1fr 120px}
tbody th{position:static;min-width:0}
.heat,.heat.many,.loads{min-width:0}
.dense{font-size:6.4pt}
.dense thead th,.heat.many thead th{font-size:5.4pt}
.dense th,.dense td,.heat.many th,.heat.many td{padding:2px}
.dense tbody th,.dense td.words{min-width:0}
.dense td small,.heat.many td small{font-size:5.6pt}
.heat.many thead th:first-child{width:100px}
.heat.many th.count{width:44px}
.heat th.count{width:auto}
.cards{grid-template-columns:repeat(3,1fr);gap:18px}
.cards.lists{grid-template-columns:repeat(2,1fr)}
details::details-content{content-visibility:visible;display:block}
summary{display:none}
.case summary{display:block;list-style:none}
details.case::details-content{display:none}
.compared{width:100%}
.compared td.leads,.compared td.words{min-width:0}
.compared th,.compared td{padding-left:3px;padding-right:3px}
.compared td .bar{width:44px;margin-top:3px}
}
"""
