import { defineCommand } from '../../cli/command.ts'
import { SCRIPTS } from '../../cli/completion/scripts.ts'

export const command = defineCommand({
  name: 'completion',
  summary: 'Print a script that completes command lines in a shell',
  description:
    'The tab key then offers commands, flags and their values, and the services, profiles and projects that are there. docker completes docker flotilla by itself once the plugin is installed.',
  examples: [
    { command: 'source <(flotilla completion bash)', does: 'For this shell; in ~/.bashrc for every one.' },
    {
      command: 'flotilla completion zsh > ~/.zfunc/_flotilla',
      does: 'For every zsh whose fpath has ~/.zfunc, set before compinit.',
    },
    { command: 'flotilla completion fish > ~/.config/fish/completions/flotilla.fish', does: 'For every fish.' },
  ],
  flags: {},
  positionals: [{ name: 'SHELL', required: true, choices: Object.keys(SCRIPTS), description: 'bash, zsh or fish' }],
  async run(context, { args: [shell = ''] }) {
    context.print(SCRIPTS[shell] ?? '')
    return 0
  },
})
