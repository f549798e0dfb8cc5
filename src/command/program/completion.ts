import { defineCommand } from '../../cli/command.ts'
import { SCRIPTS } from '../../cli/completion/scripts.ts'

export const command = defineCommand({
  name: 'completion',
  summary: 'Print a script that completes command lines in a shell',
  description:
    'The tab key then completes commands, flags and their values, and the names of services, profiles and projects. The completion of docker covers docker flotilla once the plugin is installed.',
  examples: [
    {
      command: 'source <(flotilla completion bash)',
      does: 'For this shell; add the line to ~/.bashrc for every new one.',
    },
    {
      command: 'flotilla completion zsh > ~/.zfunc/_flotilla',
      does: 'For every new zsh; ~/.zfunc must be in fpath before compinit runs.',
    },
    { command: 'flotilla completion fish > ~/.config/fish/completions/flotilla.fish', does: 'For every new fish.' },
  ],
  documentation: 'README.md#use-it',
  flags: {},
  positionals: [{ name: 'SHELL', required: true, choices: Object.keys(SCRIPTS), description: 'bash, zsh or fish' }],
  async run(context, { args: [shell = ''] }) {
    context.print(SCRIPTS[shell] ?? '')
    return 0
  },
})
