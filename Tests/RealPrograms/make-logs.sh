#!/bin/bash
# Writes logs by real programs of Debian: nginx, Tomcat, Logback and Log4j 2, under a little load.
#
#     Tests/RealPrograms/make-logs.sh DIR
#
# DIR must be new or empty. DIR/expected.tsv gets one row a file: path below DIR, tab, number of
# events. Packages that are missing are installed with apt-get (as root, or with sudo). Takes
# about a minute, listens on loopback addresses only, and leaves no process behind.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
packages=(nginx tomcat10-common tomcat10-user liblogback-java liblog4j2-java
    default-jdk-headless curl)
jars=/usr/share/java
pids=()
as_root=(env)
policy=

main() {
    (($# == 1)) || fail "usage: make-logs.sh DIR"
    mkdir -p "$1"
    out=$(cd "$1" && pwd)
    [ -z "$(ls -A "$out")" ] || fail "$out is not empty; name a new directory"
    work=$(mktemp -d)
    trap clean_up EXIT
    # The programs write local time; a POSIX zone needs no tzdata. Java has its own names.
    export TZ=CST-8 LC_ALL=C.UTF-8
    java_zone=-Duser.timezone=Asia/Shanghai

    install_packages
    mkdir -p "$out"/{nginx,tomcat,control,node,spring} "$work"/html/empty
    choose_ports
    write_java_logs
    start_tomcat
    start_nginx
    load
    stop_all
    cp "$work"/tomcat/logs/* "$out/tomcat/"
    find "$out" -type f -empty -delete
    chmod -R u+rwX,go+rX "$out"
    write_expected
    report
}

fail() {
    echo "make-logs.sh: $*" >&2
    exit 1
}

# Only processes that this script started, by their ids.
clean_up() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    allow_services
    rm -rf "$work"
}

install_packages() {
    local missing=() status=0
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' ||
            missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "missing packages: ${missing[*]}; install them as root"
        as_root=(sudo)
    fi
    forbid_services
    "${as_root[@]}" apt-get update -qq >"$work/apt.log" 2>&1 || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends "${missing[@]}" >>"$work/apt.log" 2>&1 || status=$?
    allow_services
    ((status == 0)) || fail "apt-get could not install ${missing[*]}: $(tail -3 "$work/apt.log")"
}

# The nginx package would start a server on port 80. A policy that is there already is kept.
forbid_services() {
    [ ! -e /usr/sbin/policy-rc.d ] || return 0
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
}

allow_services() {
    [ -z "$policy" ] || "${as_root[@]}" rm -f "$policy"
    policy=
}

# Four loopback ports on which nothing listens now.
choose_ports() {
    local port found=()
    for ((port = 20000 + RANDOM % 8000; ${#found[@]} < 4; port++)); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || found+=("$port")
    done
    nginx_port=${found[0]} tomcat_port=${found[1]} stop_port=${found[2]} dead_port=${found[3]}
}

fill_in() {
    local user=
    ((EUID != 0)) || user='user root;'
    sed -e "s|@USER@|$user|; s|@WORK@|$work|g; s|@OUT@|$out|g" \
        -e "s|@NGINX_PORT@|$nginx_port|g; s|@TOMCAT_PORT@|$tomcat_port|g" \
        -e "s|@STOP_PORT@|$stop_port|g; s|@DEAD_PORT@|$dead_port|g" "$1"
}

write_java_logs() {
    local classes=$work/java
    local logback=$jars/logback-classic.jar:$jars/logback-core.jar:$jars/slf4j-api.jar
    local log4j=$jars/log4j-api.jar:$jars/log4j-core.jar
    local options=(-Xmx256m -Dfile.encoding=UTF-8 "$java_zone" "-Dout=$out" -Dpid=4711)
    javac -nowarn -encoding UTF-8 -d "$classes" -cp "$logback:$log4j" "$here"/java/*.java 2>&1 |
        grep -v '^Note:\|^warning\|warnings\?$' || true
    java "${options[@]}" "-Dlogback.configurationFile=$here/java/logback.xml" \
        -cp "$classes:$logback" LogbackProgram 1500 >"$work/logback.calls"
    java "${options[@]}" "-Dlog4j2.configurationFile=$here/java/log4j2.xml" \
        -cp "$classes:$log4j" Log4j2Program 1500 >"$work/log4j2.calls"
}

start_tomcat() {
    local base=$work/tomcat app=$work/app
    mkdir -p "$base"/{conf,logs,temp,webapps,work} "$app/WEB-INF/classes" "$work/bad/WEB-INF"
    cp /usr/share/tomcat10/skel/conf/* "$base/conf/"
    # Debian's console formatter is for journald; catalina.out elsewhere is written by this one.
    sed -i 's/org.apache.juli.SystemdFormatter/org.apache.juli.OneLineFormatter/' \
        "$base/conf/logging.properties"
    fill_in "$here/tomcat/server.xml" >"$base/conf/server.xml"
    javac -nowarn -encoding UTF-8 -d "$app/WEB-INF/classes" -cp $jars/tomcat10-servlet-api.jar \
        "$here/tomcat/ControlServlet.java"
    cp "$here/tomcat/web.xml" "$app/WEB-INF/"
    cp "$here/tomcat/report.jsp" "$app/"
    jar cf "$base/webapps/control.war" -C "$app" .
    echo '<web-app><servlet></web-app>' >"$work/bad/WEB-INF/web.xml"
    jar cf "$base/webapps/broken.war" -C "$work/bad" .
    : >"$base/logs/catalina.out"
    CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=$base \
        CATALINA_OPTS="-Xmx256m -Dfile.encoding=UTF-8 $java_zone" \
        /usr/share/tomcat10/bin/catalina.sh run >>"$base/logs/catalina.out" 2>&1 &
    tomcat=$!
    pids+=("$tomcat")
    wait_for "Server startup in" 1
}

# Until catalina.out has the text so many times.
wait_for() {
    local try
    for ((try = 0; try < 300; try++)); do
        (($(grep -c "$1" "$work/tomcat/logs/catalina.out") >= $2)) && return
        kill -0 "$tomcat" 2>/dev/null || break
        sleep 0.2
    done
    fail "Tomcat did not say '$1': $(tail -5 "$work/tomcat/logs/catalina.out")"
}

start_nginx() {
    echo '<h1>收银台</h1>' >"$work/html/index.html"
    fill_in "$here/nginx/nginx.conf" >"$work/nginx.conf"
    nginx -p "$work" -c "$work/nginx.conf" -e "$out/nginx/error.log" &
    nginx=$!
    pids+=("$nginx")
    local try
    for ((try = 0; try < 50; try++)); do
        (: <"/dev/tcp/127.0.0.1/$nginx_port") 2>/dev/null && return
        sleep 0.1
    done
    fail "nginx did not start: $(tail -5 "$out/nginx/error.log")"
}

# get PATH... by a client of its own address; the answer does not matter.
get() {
    local options=() path
    for path in "$@"; do options+=("http://127.0.0.1:$nginx_port$path"); done
    curl -s --max-time 10 -H "X-Real-IP: $address" -A "$agent" \
        -e "$referer" "${extra[@]}" "${options[@]}" >/dev/null || true
}

# send PORT BYTES: what no client library would send.
send() {
    # shellcheck disable=SC2016  # the inner shell expands them
    timeout 3 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"; printf "$2" >&3; cat <&3' \
        bash "$1" "$2" >/dev/null 2>&1 || true
}

load() {
    local round
    for round in 1 2 3; do
        clients "$round"
        faults
        if ((round < 3)); then rotate "$round"; fi
    done
    touch "$work/tomcat/webapps/control.war"
    wait_for 'Deployment of web application archive .*control.war.* has finished' 2
    clients 4
}

clients() {
    local client agents=('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36' 'curl/7.88.1'
        'Mozilla/5.0 (Linux; Android 14; V2266A) MicroMessenger/8.0.49 Language/zh_CN' ''
        'okhttp/4.12.0 "quoted" \ 中文')
    local referers=('https://pay.example.cn/cashier/index.html?from=wx' '' 'https://例.cn/收银台')
    for client in 1 2 3 4 5 6; do
        address="116.21.$1.$((client * 37))"
        agent=${agents[client % 5]} referer=${referers[client % 3]} extra=()
        get "/control/order?orderNo=order-2026111800[1000-1060]&page=$client" "/half/order?n=[1-6]" \
            / "/static/缺失.[1-5].js" "/control/order?size=[100-30000:2990]" /control/log
        extra=(-X POST -u '张 三:secret' -d 'amount=12.50')
        get "/control/order?q=%E9%80%80%E6%AC%BE&[1-5]"
        extra=(--http1.0 -I)
        get "/control/order?head=[1-3]"
    done
}

faults() {
    address=203.0.113.9 agent=faults referer='' extra=()
    get '/dead/order?[1-4]' '/limited/[1-8]' /secret/key /empty/ /control/fail /control/report.jsp \
        /control/unavailable /control/none /control/leak '/control/order?size=bad'
    get /slow/
    extra=(--data-binary "@$here/make-logs.sh")
    get /upload/1
    extra=(--limit-rate 8M)
    get '/large/order?size=8000000'
    extra=(--max-time 0.3)
    get /control/slow
    send "$nginx_port" '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n'
    send "$nginx_port" 'GET /no-host HTTP/1.1\r\n\r\n'
    send "$nginx_port" 'GET /bad header HTTP/1.1\r\nHost: a b\r\n\r\n'
    send "$nginx_port" 'get "quoted" HTTP/1.1\r\n\r\n'
    send "$tomcat_port" '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'
    send "$tomcat_port" 'GET /control/order?a=[{}] HTTP/1.1\r\nHost: localhost\r\n\r\n'
}

# As logrotate does with delaycompress: .1 is plain, .2 compressed.
rotate() {
    local log=$out/nginx/access.log
    [ ! -e "$log.1" ] || { mv "$log.1" "$log.2" && gzip "$log.2"; }
    mv "$log" "$log.1"
    kill -USR1 "$nginx"
    local try
    for ((try = 0; try < 50; try++)); do
        [ -e "$log" ] && break
        sleep 0.1
    done
    # The workers go on writing to the old file until the signal has reached them too.
    sleep 0.5
}

stop_all() {
    kill -QUIT "$nginx"
    wait "$nginx" || true
    printf SHUTDOWN >"/dev/tcp/127.0.0.1/$stop_port"
    wait "$tomcat" || true
    pids=()
}

# count FILE PATTERN: lines that match, compressed or not.
count() {
    gzip -cdf "$1" | grep -acE "$2" || true
}

# An event starts with its format's time stamp. What Logback and Log4j 2 wrote must add up to the
# number of calls that the program counted itself.
write_expected() {
    local file day='[0-9]{4}-[0-9]{2}-[0-9]{2}' clock='[0-9]{2}:[0-9]{2}:[0-9]{2}'
    for file in "$out"/nginx/access* "$out"/tomcat/localhost_access*; do expect "$file" ''; done
    expect "$out/nginx/error.log" "^[0-9]{4}/[0-9]{2}/[0-9]{2} $clock \["
    (($(count "$out/nginx/error.log" '') == events)) || fail "error.log has lines without a time"
    for file in "$out"/tomcat/catalina* "$out"/tomcat/localhost.*; do
        expect "$file" "^[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} $clock\.[0-9]{3} |^NOTE: "
    done
    family control logback "^$day $clock\.[0-9]{3} \["
    family spring logback "^${day}T$clock\.[0-9]{3}\+08:00 "
    family node log4j2 "^${day}T$clock,[0-9]{3} "
}

# expect FILE PATTERN
expect() {
    events=$(count "$1" "$2")
    printf '%s\t%s\n' "${1#"$out"/}" "$events" >>"$out/expected.tsv"
}

# family NAME PROGRAM PATTERN
family() {
    local file total=0 calls
    for file in "$out/$1"/*; do
        expect "$file" "$3"
        total=$((total + events))
    done
    calls=$(sed -n 's/^CALLS //p' "$work/$2.calls")
    [ "$total" = "$calls" ] || fail "$1: $total events in the files, but $calls log calls"
    (($(find "$out/$1" -name '*.gz' | wc -l) >= 2)) || fail "$1: the log was not rolled over"
}

report() {
    local path events
    while IFS=$'\t' read -r path events; do
        printf '%-52s %6d lines %6d events\n' "$path" "$(count "$out/$path" '')" "$events"
    done <"$out/expected.tsv"
}

main "$@"
