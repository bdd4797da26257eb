# complete.zsh SCRIPT LINE…: prints what an interactive zsh with this completion offers at the end of each line, and after
# each a line with a dash.
if [[ $1 == --inside ]]; then
  autoload -Uz compinit
  compinit -D -u
  source $2
  compadd() {
    # Those that only ask for what matches.
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a offered
    builtin compadd -A offered "$@"
    (( $#offered )) && print -l -- OFFERED:${^offered}
    builtin compadd "$@"
  }
  zle -C complete-word complete-word _main_complete
  complete-and-say() { zle complete-word; print -l '' DONE }
  zle -N complete-and-say
  bindkey '^I' complete-and-say
  print READY
  return
fi
zmodload zsh/zpty
zpty shell 'PS1= TERM=dumb exec zsh -f -i'
zpty -w shell "source ${(q)0:A} --inside ${(q)1}"
local output
zpty -r shell output '*READY*'
for line in "${@:2}"; do
  # Ctrl-U empties the line before.
  zpty -w -n shell $'\x15'"$line"$'\t'
  zpty -r shell output '*DONE*'
  print -r -- "$output" | tr -d '\r' | sed -n 's/.*OFFERED://p'
  print -- -
done
zpty -d shell
