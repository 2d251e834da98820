#!/bin/sh
# Adds a picture, issues a query token, and finds the picture with it, as a phone does. Usage: add-and-find.sh PICTURE.jpg
set -eu
host=${LOOKMARK_HOST:-http://127.0.0.1:8787}
username=${LOOKMARK_USERNAME:-demo} secretkey=${LOOKMARK_SECRETKEY:-demo} channel=${LOOKMARK_CHANNEL:-demo}
picture=$1

# Prints the answer to a call; fails where its returncode is not 0. HTTP status is 200 for refusals, too.
call() {
  endpoint=$1 && shift
  answer=$(curl --silent --show-error --max-time 60 "$@" "$host/$endpoint")
  printf '%s %s\n' "$endpoint" "$answer"
  case $answer in *'"returncode":0,'*) ;; *) exit 1 ;; esac
}

# On your server, which holds the secret key:
call AddImage -F "username=$username" -F "secretkey=$secretkey" -F "channel=$channel" \
  -F identifier=example.curl -F 'metadata={"title":"My first"}' -F "image=@$picture"
call IssueToken -d "username=$username" -d "secretkey=$secretkey" -d "channel=$channel" -d ttl=600
token=$(printf %s "$answer" | sed 's/.*"token":"\([^"]*\)".*/\1/')

# On the phone, which must never hold it:
call FindImage -F "token=$token" -F "image=@$picture"
