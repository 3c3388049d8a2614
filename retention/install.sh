#!/bin/sh
# Installs the nightly job, and the weekly check, of the store in /var/lib/logq:
#
#     sudo retention/install.sh                    # systemd timers
#     sudo retention/install.sh --cron             # /etc/cron.d instead
#     sudo retention/install.sh --backup DIRECTORY # and an hourly backup there
#     sudo retention/install.sh --uninstall        # takes the jobs away; store and policy stay
#
# May be run again: after a change of the policy's window, or to update; a backup stays. /etc/logq/retention.policy is
# made if there is none and never changed. With DESTDIR set, files go below that directory and nothing
# is started.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
units=$root/etc/systemd/system
crontab=$root/etc/cron.d/logq
policy=$root/etc/logq/retention.policy
logq=${LOGQ:-/usr/local/bin/logq}
how=systemd
backup=

fail() { echo "install.sh: $*" >&2; exit 2; }

while [ $# -gt 0 ]; do
    case $1 in
    --cron) how=cron ;;
    --uninstall) how=uninstall ;;
    --backup)
        [ $# -gt 1 ] || fail "--backup needs a directory: --backup /var/backups/logq"
        shift
        case $1 in
        /*) backup=${1%/} ;;
        *) fail "the backup's directory must begin with '/', not '$1'" ;;
        esac
        case $backup in
        *[!A-Za-z0-9/._-]*) fail "'$backup': take a directory of letters, digits and / . _ -" ;;
        esac
        ;;
    *) fail "unknown argument '$1'; see the first lines of $0" ;;
    esac
    shift
done

[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "this writes to /etc: run it with sudo"

# Runs a command that changes the running system; with DESTDIR nothing.
live() { [ -n "$root" ] || "$@"; }

take_away() {
    for name in retention verify backup; do
        [ ! -e "$units/logq-$name.timer" ] || live systemctl disable --now "logq-$name.timer"
        rm -f "$units/logq-$name.timer" "$units/logq-$name.service"
    done
    rm -f "$crontab"
    if [ -d /run/systemd/system ]; then live systemctl daemon-reload; fi
}

if [ $how = uninstall ]; then
    take_away
    echo "the jobs are gone; $root/var/lib/logq and $policy stay"
    exit 0
fi

[ -x "$logq" ] || fail "there is no $logq; put the binary there, or name it: LOGQ=/path/to/logq"
if [ $how = systemd ] && [ -z "$root" ] && [ ! -d /run/systemd/system ]; then
    fail "systemd does not run here; try --cron"
fi

# A backup that is there already stays.
if [ -z "$backup" ] && [ -e "$units/logq-backup.service" ]; then
    backup=$(sed -n 's/^ReadWritePaths=//p' "$units/logq-backup.service")
elif [ -z "$backup" ] && [ -e "$crontab" ]; then
    backup=$(sed -n 's|^50 .*/var/lib/logq \([^ ]*\) .*|\1|p' "$crontab")
fi

# A policy with mistakes would stop the job at night, when nobody reads its message.
[ -e "$policy" ] || install -D -m 644 "$here/default.policy" "$policy"
own=$root/var/lib/logq/retention.policy
[ ! -e "$own" ] || policy=$own
"$logq" retention policy --policy "$policy" --check || fail "the policy has mistakes: $policy"

# The user of the shipper's unit.
install -D -m 644 "$here/../scripts/systemd/logq.sysusers" "$root/usr/lib/sysusers.d/logq.conf"
if [ $how = systemd ]; then
    live systemd-sysusers
elif ! id logq >/dev/null 2>&1; then
    live useradd --system --home-dir /var/lib/logq --shell /usr/sbin/nologin logq
fi
if [ -n "$backup" ]; then
    install -d -m 700 "$root$backup"
    live chown logq:logq "$backup"
fi

# The window's start, as 'HH:MM ZONE' and as the machine's clock shows it next; empty without one.
window=$("$logq" retention policy --policy "$policy" --data "$root/var/lib/logq" --json)
start=$(printf %s "$window" | sed -n 's/.*"window":{"text":"\([0-9:]*\)-[0-9:]* \([^"]*\)".*/\1 \2/p')
opens=$(printf %s "$window" | sed -n 's/.*"next_opening":"\([^".]*\).*/\1/p')

install_units() {
    mkdir -p "$units"
    for name in retention verify ${backup:+backup}; do
        for kind in service timer; do
            sed "s|/usr/local/bin/logq|$logq|; s|/var/backups/logq|$backup|" \
                "$here/systemd/logq-$name.$kind" >"$units/logq-$name.$kind"
            chmod 644 "$units/logq-$name.$kind"
        done
    done
    [ -n "$start" ] || return 0
    zone=${start#* }
    calendar="*-*-* ${start% *}:00 $zone"
    case $zone in
    UTC | *[A-Za-z]/[A-Za-z]*) ;;
    # An offset is no zone to systemd: the machine's clock then.
    *) calendar="*-*-* $(date -d "${opens}Z" +%H:%M):00" ;;
    esac
    sed -i "s|^OnCalendar=.*|OnCalendar=$calendar|" "$units/logq-retention.timer"
}

install_cron() {
    mkdir -p "$(dirname "$crontab")"
    sed "s| logq retention| $logq retention|; s| logq backup| $logq backup|" \
        "$here/logq.cron" >"$crontab"
    [ -z "$backup" ] || sed -i "s|^#50|50|; s|/var/backups/logq|$backup|" "$crontab"
    if [ -n "$start" ]; then
        at=$(date -d "${opens}Z + 10 minutes" "+%-M %-H")
        sed -i "s|^10 1 |$at |" "$crontab"
    fi
    chmod 644 "$crontab"
}

take_away
if [ $how = cron ]; then
    install_cron
    echo "$crontab: the nightly job, the weekly check${backup:+, a backup to $backup each hour}"
else
    install_units
    live systemctl daemon-reload
    for name in retention verify ${backup:+backup}; do
        live systemctl enable --now "logq-$name.timer"
    done
    echo "$units: logq-retention.timer, logq-verify.timer${backup:+, logq-backup.timer to $backup}"
fi
echo "$policy: the policy; 'sudo -u logq logq retention policy --data /var/lib/logq' explains it"
