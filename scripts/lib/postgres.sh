# shellcheck shell=bash
# A private PostgreSQL for the tests: a folder and a port of its own, trusting whoever reaches it on 127.0.0.1, gone
# afterwards. Needs say.sh and setup.sh (need_postgres) first.
#
# Not for anybody's data: it does not sync to disk.

postgres_folder=''
postgres_user=''

# start_postgres: exports SKEP_TEST_POSTGRES, the URL under which a test may create databases. Stopped when the script ends.
start_postgres() {
  sweep_postgres
  # Not in TMPDIR: the path of a socket is short, and the user below must be able to get there.
  postgres_folder=$(mktemp -d /tmp/skep-postgres.XXXXXX)
  echo "$$" >"$postgres_folder/owner"
  on_exit stop_postgres
  # PostgreSQL refuses to run as root.
  if ((EUID == 0)); then
    postgres_user=$(id -un postgres 2>/dev/null || echo nobody)
    chown "$postgres_user" "$postgres_folder"
  fi
  # Sorting by the English rules on purpose: it differs from SQLite's order by bytes, so a query that forgets to say which
  # order it means is found here and not at a customer's.
  local order=(--locale=C)
  [[ $("$postgres_programs/initdb" --help) == *icu-locale* ]] && order+=(--locale-provider=icu --icu-locale=en)
  as_postgres "$postgres_programs/initdb" --pgdata="$postgres_folder/cluster" --username=skep --auth=trust \
    --encoding=UTF8 --no-sync "${order[@]}" >"$postgres_folder/initdb.log" 2>&1 ||
    die "PostgreSQL's initdb failed: $(tail -n 3 "$postgres_folder/initdb.log")"

  local attempt port
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    if start_postgres_on "$port"; then
      export SKEP_TEST_POSTGRES="postgres://skep@127.0.0.1:$port/postgres"
      return
    fi
  done
  die "PostgreSQL did not start in $attempt attempts: $(tail -n 3 "$postgres_folder/server.log")"
}

# A lost test run loses nothing, so nothing is synced; each test has a database of its own, hence the many connections.
start_postgres_on() {
  local settings=(
    "port=$1" listen_addresses=127.0.0.1 "unix_socket_directories=$postgres_folder"
    max_connections=400 shared_buffers=128MB
    fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0 autovacuum=off
  )
  as_postgres "$postgres_programs/pg_ctl" start --pgdata="$postgres_folder/cluster" --silent --wait --timeout=60 \
    --log="$postgres_folder/server.log" --options="$(printf -- '-c %s ' "${settings[@]}")" >/dev/null 2>&1
}

stop_postgres() {
  [[ -n $postgres_folder && -d $postgres_folder ]] || return 0
  stop_postgres_in "$postgres_folder"
  postgres_folder=''
  unset SKEP_TEST_POSTGRES
}

stop_postgres_in() {
  if [[ -f $1/cluster/postmaster.pid ]]; then
    as_postgres "$postgres_programs/pg_ctl" stop --pgdata="$1/cluster" --silent --mode=immediate >/dev/null 2>&1 || true
  fi
  rm -rf "$1"
}

# What a run left that was killed without a chance to clean up.
sweep_postgres() {
  local folder owner
  for folder in /tmp/skep-postgres.*; do
    [[ -O $folder/owner ]] || continue
    owner=$(cat "$folder/owner")
    kill -0 "$owner" 2>/dev/null && continue
    postgres_user=$(stat -c %U "$folder")
    stop_postgres_in "$folder"
  done
}

as_postgres() {
  # From its own folder: the current one may be closed to that user.
  if ((EUID == 0)); then
    (cd / && runuser -u "$postgres_user" -- "$@")
  else
    (cd / && "$@")
  fi
}

# A port that nobody listens on, below those that the system gives out by itself.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}
