# Asks an interactive zsh on a terminal of its own what it makes of each line of $ASKED, and prints `<<line>>`.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'autoload -Uz compinit; compinit -u -D; setopt no_beep; source $COMPLETION
complete-asked() {
  for line in "${(f)ASKED}"; do
    BUFFER=$line; CURSOR=$#BUFFER; zle complete-word; print -r -- "<<$BUFFER>>"
  done
  print "<<end>>"; BUFFER=""
}
zle -N complete-asked; bindkey "^T" complete-asked; print "<<ready"">>"'
until_shown() {
  all=""
  while [[ $all != *"<<$1>>"* ]]; do zpty -r shell out || exit 1; all+=$out; done
}
until_shown ready
zpty -w -n shell $'\x14'
until_shown end
print -r -- $all
