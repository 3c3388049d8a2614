/// The page of `logq help pipes`.
enum PipeHelp {
    static let text = """
        usage: logq search [flags] 'FILTER | STAGE | STAGE ...'

        what stages make of the events that the filter keeps

        stages
          stats FUNCTION ... [by KEY, ...]     a row for each group
          top N by FIELD, ...                  the most frequent values, count and share (N: 10)
          rare N by FIELD, ...                 the rarest
          timechart [SPAN] [FUNCTION] [by F]   values over time, ten series and (other); without
                                               SPAN about 60 buckets; buckets without events are 0
          patterns [N]                         messages by their template, the most frequent (20)
          diff [good WINDOW]                   what changed against a good time, as 'logq diff'; the
                                               window of the search is the bad one; first stage only
          where FILTER                         rows that pass; after stats of its columns: where n:>5
          fields A, B                          a table of these fields; of a table also: fields -A
          sort [-]FIELD, ...                   ascending, with - descending; absent values last
          head N, tail N                       the first, the last rows (10)
          dedup FIELD, ...                     the first row of each combination of values
          context N, context -B N -A N         neighbours in the same file, in its order; > marks
                                               the events that were found (up to 10 000)
          parse [FIELD] "took <ms>ms"          fields out of text (msg); <_> passes over a part
          extract [FIELD] /(?<name>...)/       the same with a regular expression

        functions, each with 'as NAME' behind it if wanted
          count()  count(FILTER)  count(FIELD) how many events, how many of them pass, have a field
          dc(F)                                different values
          sum(F) avg(F) stddev(F) min(F) max(F) p50(F) p95(F) p99.9(F) ...
          first(F) last(F)                     by time
          values(F)                            the different values, at most 100

        keys
          FIELD            events without the field are a group of their own
          bin(5m)          time in buckets of the zone: days from midnight, weeks from Monday
          bin(FIELD, 1MB)  numbers in steps

        Rows of stats come with the greatest first function on top, or by time where bin() is the
        first key. In the order of the search (newest first) stand events, and so head, tail, dedup.

        What is approximate, and then said so on standard error:
          dc         exact up to 4096 values, then within 1.6 % (two standard errors)
          p50 ...    exact up to 1024 values, then within 1 % of the value
          top        exact up to 65 536 values, then counts too high by the bound that is given
        What is refused or cut, to stay bounded in memory:
          stats      200 000 groups (20 000 with dc, p.. or values); the rest becomes (other), and
                     the exit status is 3
          sort       100 000 events, 1 000 000 rows, any number with head N behind it
          dedup      500 000 values

        examples
          logq search --since 2h 'status:>=500 | stats count() p95(took) by path'
          logq search 'level:ERROR | timechart 5m by service'
          logq search 'service:nginx | stats count() as n, count(status:502) as bad by bin(1m) | where bad:>0'
          logq search --at 10:15 --around 5m 'service:control | diff good 09:00..10:00 | head 5'
          logq search '"Communications link failure" | head 1 | context -B 20 -A 5'
          logq search 'service:node | extract /took=(?<ms>\\d+)/ | stats max(ms) by logger'

        """
}
