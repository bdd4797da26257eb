#!/usr/bin/env bash
# The first apply of an installation, in its right order: what secrets need, then their first versions, then everything.
# It can be run again: what is there already is left as it is.
#
#   terraform/first-apply.sh NAME       with environments/NAME.tfvars and environments/NAME.gcs.tfbackend
#   terraform/first-apply.sh NAME --say says what it would do, and does nothing
set -euo pipefail
cd "$(dirname "$0")"

name=${1:?usage: first-apply.sh NAME [--say]}
say=${2:-}
vars=environments/$name.tfvars
backend=environments/$name.gcs.tfbackend

step() { printf '\n== %s\n' "$*"; }
run() {
  printf '   %s\n' "$*"
  if [ "$say" != --say ]; then "$@"; fi
}
stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

for file in "$vars" "$backend"; do
  test -f "$file" || stop "There is no terraform/$file: copy environments/example${file#environments/"$name"} and fill it in."
done
for tool in terraform gcloud openssl; do
  command -v "$tool" >/dev/null || stop "There is no $tool on the PATH: install it first."
done
test -f ../dist/bundles/healthz.zip || stop 'There are no bundles: run npm ci && npm run bundle in the folder above.'
project=$(sed -n 's/^project_id *= *"\(.*\)".*/\1/p' "$vars")
test -n "$project" || stop "terraform/$vars has no line project_id = \"…\"."

step '1 of 4: terraform, with the state of this installation'
run terraform init -input=false -reconfigure -backend-config="$backend"

step '2 of 4: the APIs, and the secrets without a version'
run terraform apply -input=false -var-file="$vars" -target=google_project_service.this -target=google_secret_manager_secret.this

step '3 of 4: a first version for each secret that has none; no value is shown, or written to a file'
# The names stand in the manifest; jq need not be there.
secrets=$(sed -n '/^  "secrets": \[/,/\]/s/.*"\([a-z-]*\)",\{0,1\}$/\1/p' ../functions/manifest.json)
for secret in $secrets; do
  if [ "$say" != --say ] && [ -n "$(gcloud secrets versions list "$secret" --project="$project" --filter=state=enabled --format='value(name)' --limit=1)" ]; then
    printf '   %s has a version\n' "$secret"
  elif [ "$secret" = smtp-url ]; then
    printf '   smtp-url: type smtp://user:password@host:port or smtps://… of your mail server (it is not shown)\n'
    if [ "$say" != --say ]; then
      read -rs url
      case $url in
        smtp://* | smtps://*) printf %s "$url" | gcloud secrets versions add smtp-url --project="$project" --data-file=- ;;
        *) stop 'That is not an smtp:// or smtps:// URL. Run this again: what is done is not done twice.' ;;
      esac
    fi
  elif [ "$secret" = analytics-write-keys ]; then
    printf '   analytics-write-keys: one random key, as text\n'
    if [ "$say" != --say ]; then openssl rand -hex 16 | gcloud secrets versions add "$secret" --project="$project" --data-file=-; fi
  else
    printf '   %s: 32 random bytes\n' "$secret"
    if [ "$say" != --say ]; then openssl rand 32 | gcloud secrets versions add "$secret" --project="$project" --data-file=-; fi
  fi
done

step '4 of 4: everything'
run terraform apply -input=false -var-file="$vars"

step 'Done. Clients need:'
run terraform output -raw base_url
printf '\n'
