/**
 * Scripts that call `flotilla __complete` for each press of the tab key. The last line of its answer is `:N`, where the bits of N
 * tell how to treat the candidates (protocol.ts).
 */
export const SCRIPTS: Readonly<Record<string, string>> = {
  // Splits words at spaces, not at COMP_WORDBREAKS; bash expects only the part of a candidate after the last such character. Works
  // with bash 3.2.
  bash: `_flotilla() {
  local IFS=$' \\t\\n' line=\${COMP_LINE:0:COMP_POINT} directive=1 word current begun
  local -a words candidates=()
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[\${#words[@]}-1]}
  while IFS= read -r word; do candidates+=("$word"); done < <("\${words[0]}" __completeNoDesc "\${words[@]:1}" 2> /dev/null)
  COMPREPLY=()
  [ \${#candidates[@]} -eq 0 ] && return
  directive=\${candidates[\${#candidates[@]}-1]#:}
  unset "candidates[\${#candidates[@]}-1]"
  begun=
  case $current in *[:=]*) begun=\${current%[:=]*}; begun=\${current:0:\${#begun}+1} ;; esac
  for word in "\${candidates[@]}"; do COMPREPLY+=("$(printf %q "\${word#"$begun"}")"); done
  (( directive & 2 )) && compopt -o nospace 2> /dev/null
  if (( directive & 16 )); then
    compopt -o filenames 2> /dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "\${current#"$begun"}")
  elif ! (( directive & 5 )); then
    compopt -o filenames 2> /dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "\${current#"$begun"}")
  fi
}
complete -F _flotilla flotilla
`,
  zsh: `#compdef flotilla
_flotilla() {
  local -a lines described
  local line directive
  lines=("\${(@f)$("\${(Q)words[1]}" __complete "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  directive=\${lines[-1]#:}
  for line in "\${(@)lines[1,-2]}"; do described+=("\${\${line//:/\\\\:}/$'\\t'/:}"); done
  if (( directive & 2 )); then _describe -V command described -S ''
  elif (( \${#described} )); then _describe -V command described
  fi
  if (( directive & 16 )); then _files -/
  elif ! (( directive & 5 )); then _files
  fi
}
if [ "$funcstack[1]" = _flotilla ]; then _flotilla "$@"; else compdef _flotilla flotilla; fi
`,
  fish: `function __flotilla_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete $words[2..] $current 2> /dev/null)
    set -q lines[1]; or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -q lines[2]; and printf '%s\\n' $lines[..-2]
    if test (math "bitand($directive, 16)") -ne 0
        __fish_complete_directories $current
    else if test (math "bitand($directive, 5)") -eq 0
        __fish_complete_path $current
    end
end
complete -c flotilla -f -a '(__flotilla_complete)'
`,
}
