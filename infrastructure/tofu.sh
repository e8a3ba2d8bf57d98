#!/bin/sh
# The only way to plan or change what runs at the platform: ./tofu.sh prod|testing <command> [options]
# It sees to the right state, the right machine and the right account, and asks before anything touches production.
set -eu
cd "$(dirname "$0")"

refuse() {
  echo "$1" >&2
  exit 1
}

environment=${1:-}
case $environment in
prod | testing) shift ;;
*) refuse "Usage: ./tofu.sh prod|testing plan|apply|destroy|import|output|state ... [options]" ;;
esac
command=${1:-}
[ -n "$command" ] || refuse "What is to be done? For example: ./tofu.sh $environment plan"
shift

case $command in
-* | workspace) refuse "$command is not for here: first the environment, then the command; the state is chosen by the environment." ;;
esac
for word in "$@"; do
  case $word in
  -var-file* | --var-file* | -var=environment* | --var=environment* | environment=* | *confirm_production* | -auto-approve | --auto-approve | -state* | --state*)
    refuse "$word is not for here: the environment says it all, and a person confirms."
    ;;
  esac
done

tool=${TOFU:-$(command -v tofu || command -v terraform || true)}
[ -n "$tool" ] || refuse "OpenTofu is not installed on this machine."

settings=environments/$environment.env
[ -f "$settings" ] || refuse "There is no infrastructure/$settings: copy environments/example.env and fill it in."
valueOf() { sed -n "s/^$1=//p" "$settings" | head -n 1; }
host=$(valueOf HOST)
account=$(valueOf ACCOUNT)
[ -n "$host" ] && [ -n "$account" ] || refuse "infrastructure/$settings needs HOST and ACCOUNT."
[ "$(uname -n)" = "$host" ] || refuse "This machine is $(uname -n); $environment is changed from $host only."
[ "${VERDA_CLIENT_ID:-}" = "$account" ] || refuse "VERDA_CLIENT_ID is not the account of $environment. Nothing was done."

# What was left in the shell must not decide.
unset TF_WORKSPACE TF_DATA_DIR
for name in $(env | sed -n 's/^\(TF_VAR_[A-Za-z0-9_]*\|TF_CLI_ARGS[a-z_]*\)=.*/\1/p'); do unset "$name"; done

confirmed=
if [ "$environment" = prod ]; then
  case $command in
  output | show | validate | fmt) ;;
  *)
    [ -t 0 ] || refuse "Production needs a person at a terminal."
    printf 'This is PRODUCTION (%s on %s).\nType "apply to production" to go on: ' "$command" "$host" >&2
    read -r confirmed
    [ "$confirmed" = "apply to production" ] || refuse "That was something else. Nothing was done."
    ;;
  esac
fi

"$tool" init -input=false >&2
"$tool" workspace select -or-create "$environment" >&2
case $command in
plan | apply | destroy | import | refresh | console)
  set -- -var-file="environments/$environment.tfvars" "$@"
  export TF_VAR_confirm_production="$confirmed"
  ;;
esac
# Said again, so that another call of this script, which selects the other state meanwhile, changes nothing here.
export TF_WORKSPACE="$environment"
exec "$tool" "$command" "$@"
