/// How a report looks as a page: on a screen, light or dark, on a phone, and on paper.
enum ReportStyle {
    /// The style sheet; the page's policy names its digest.
    static let sheet = """
        :root{color-scheme:light dark;--ink:#1c2127;--muted:#5c6672;--line:#d7dce2;--paper:#fff;
        --wash:#f4f6f8;--link:#1456a8;--s0:#c4322b;--s1:#e08a1e;--s2:#7a5bb5;--s3:#1f8a8a;--s4:#8a929c;
        --fault:#fbeceb;--mark:#1c2127}
        @media (prefers-color-scheme:dark){:root{--ink:#e4e8ec;--muted:#9aa5b1;--line:#3a424c;
        --paper:#15191e;--wash:#1e242b;--link:#7fb4f0;--s0:#e8655e;--s1:#e5a04c;--s2:#a78bdc;
        --s3:#4fb5b5;--s4:#8a929c;--fault:#2e1f20;--mark:#e4e8ec}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,
        "Segoe UI",Roboto,"Helvetica Neue",Arial,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
        "Noto Sans SC",sans-serif;overflow-wrap:anywhere}
        main{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
        h1{font-size:1.9rem;line-height:1.25;margin:.2rem 0 .7rem}
        h2{font-size:1.25rem;line-height:1.3;margin:2.6rem 0 .7rem;padding-top:.9rem;
        border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:1.5rem 0 .4rem}
        p{margin:.5rem 0}
        a{color:var(--link)}
        ul,ol{padding-left:1.4rem;margin:.5rem 0}
        li{margin:.2rem 0}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK SC",
        "Liberation Mono",monospace;font-size:.84em}
        code{background:var(--wash);padding:.1em .3em;border-radius:3px;
        -webkit-box-decoration-break:clone;box-decoration-break:clone}
        .muted,figcaption{color:var(--muted)}
        .id{color:var(--muted);font-size:.9rem;letter-spacing:.02em;margin:0}
        .marks{margin:0}
        .badge{display:inline-block;border:1px solid var(--line);border-radius:999px;
        padding:.05rem .7rem;font-size:.85rem;margin:0 .15rem .3rem 0}
        .severity{font-weight:700;color:#fff;border-color:transparent;background:#5c6672}
        .severity.p0,.severity.p1{background:#b3261e}.severity.p2{background:#a85b00}
        .masked{border-style:dashed}
        header+h2{border-top:0;margin-top:.9rem}
        dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.3rem 1.2rem;margin:.9rem 0}
        dt{color:var(--muted)}
        dd{margin:0;min-width:0}
        .figures{list-style:none;padding:0;display:grid;gap:.7rem;margin:1.2rem 0;
        grid-template-columns:repeat(4,1fr)}
        .figures li{background:var(--wash);border-radius:6px;padding:.7rem .9rem;margin:0}
        .figures strong{display:block;font-size:1.2rem;line-height:1.35}
        .figures .name{font-size:.87rem}
        .figures .muted{font-size:.82rem}
        .table{overflow-x:auto;margin:.8rem 0}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th{text-align:left;color:var(--muted);font-weight:600}
        th,td{overflow-wrap:break-word;padding:.4rem 1.4rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        th:last-child,td:last-child{padding-right:0}
        .short{white-space:nowrap}
        th.number{text-align:right}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        figure{margin:.7rem 0}
        figcaption{font-size:.87rem}
        .chart svg{display:block;width:100%;height:auto;margin:.4rem 0;font:12px system-ui,
        "Segoe UI",Roboto,Arial,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
        .chart .narrow{display:none}
        .fault{fill:var(--fault)}
        .grid{stroke:var(--line);stroke-width:1}
        .base{stroke:var(--muted);stroke-width:1}
        .tick{fill:var(--muted)}
        .label{fill:var(--mark);stroke:var(--paper);stroke-width:4px;paint-order:stroke}
        .at{stroke:var(--mark);stroke-width:1;stroke-dasharray:3 3}
        .touch{fill:transparent}
        .s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}
        .legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.87rem}
        .swatch{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.4em}
        .swatch.s0{background:var(--s0)}.swatch.s1{background:var(--s1)}.swatch.s2{background:var(--s2)}
        .swatch.s3{background:var(--s3)}.swatch.s4{background:var(--s4)}
        .timeline{list-style:none;padding:0;margin:1rem 0}
        .timeline>li{display:grid;grid-template-columns:6rem 1fr;gap:0 1.6rem;margin:0;position:relative}
        .timeline>li.day{display:block;font-weight:600;padding:.6rem 0 .4rem}
        .when{text-align:right;margin:0;font-variant-numeric:tabular-nums}
        .clock{display:block;font-weight:600}
        .relative{color:var(--muted);font-size:.82rem}
        .what{border-left:2px solid var(--line);padding:0 0 1.1rem 1.4rem;min-width:0;position:relative}
        .what::before{content:"";position:absolute;left:-7px;top:.45rem;width:8px;height:8px;
        border-radius:50%;background:var(--paper);border:2px solid var(--muted)}
        .mark>.what::before{background:var(--s0);border-color:var(--s0)}
        .step>.what::before{background:var(--link);border-color:var(--link)}
        .what p{margin:0 0 .25rem}
        .pin{font-weight:600;text-decoration:none;white-space:nowrap}
        del.pin{text-decoration:line-through;color:var(--muted)}
        pre{margin:.3rem 0;padding:.6rem .8rem;background:var(--wash);border-radius:6px;
        white-space:pre-wrap;line-height:1.5;tab-size:4}
        pre span{display:block}
        .near{color:var(--muted);opacity:.8}
        footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);
        font-size:.85rem}
        @media (max-width:640px){body{font-size:15px}main{padding:1.2rem .9rem 3rem}
        h1{font-size:1.5rem}th,td{padding-right:.8rem}.figures{grid-template-columns:repeat(2,1fr)}
        dl{grid-template-columns:6.2rem 1fr;gap:.3rem .8rem}
        .chart .wide{display:none}.chart .narrow{display:block}
        .timeline>li{grid-template-columns:1fr}.when{text-align:left;padding-left:1.4rem;
        border-left:2px solid var(--line)}.clock{display:inline}
        .what::before{top:-1.1rem}}
        @media print{:root{color-scheme:light;--ink:#000;--muted:#444;--line:#bbb;--paper:#fff;--wash:#f3f3f3;
        --link:#000;--fault:#f6e9e8;--mark:#000}
        @page{size:A4;margin:16mm 15mm}
        html{font-size:12px}body{font-size:9.5pt;line-height:1.4}pre{font-size:7.5pt;line-height:1.35}
        .table,dl{font-size:9pt}li,dd,td{orphans:2}main{max-width:none;padding:0}
        h1{font-size:18pt}h2{font-size:13pt;margin-top:7mm}h2,h3,figcaption{break-after:avoid}
        tr,.figures li,.chart,.chart+.table,dl{break-inside:avoid}
        .table{overflow:visible}.severity.badge{color:#000;background:none;border:1px solid #000}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """
}
