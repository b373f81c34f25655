import { type CommandName, commands, exitCodes, type OptionSpec, options } from './arguments.ts';

function row(left: string, right: string): string {
  return left.length > 30 ? `  ${left}\n${' '.repeat(34)}${right}` : `  ${left.padEnd(32)}${right}`;
}

function optionRow(option: OptionSpec): string {
  const value = option.value === undefined ? '' : option.bare === undefined ? ` ${option.value}` : `[=${option.value}]`;
  return row(`${option.short ? `-${option.short}, ` : '    '}--${option.name}${value}`, option.help);
}

/** The text of `--help`, for the program or for one command; made from the argument tables. */
export function helpText(command: CommandName, version: string): string {
  const about = commands.find((c) => c.name === command);
  if (!about) return '';
  const lines: string[] = [];
  if (command === 'wizard') {
    lines.push(`aks-harden ${version}`, 'Hardens an existing AKS cluster with you: explains, previews, applies, verifies, resumes.', '', 'Usage:');
    for (const c of commands) lines.push(row(c.usage.split(' [options]')[0]?.replace(/ \(.*\)/, ' …') ?? '', c.summary));
  } else {
    lines.push(about.summary, '', 'Usage:', `  ${about.usage}`);
    if (about.positional) lines.push('', row(about.positional.name, about.positional.help));
  }
  lines.push('', 'Options:', ...options.filter((o) => o.commands.includes(command)).map(optionRow));
  lines.push('', 'Examples:');
  for (const [line, meaning] of command === 'wizard' ? commands.flatMap((c) => c.examples.slice(0, c.name === 'wizard' ? 4 : 1)) : about.examples) {
    lines.push(`  ${line}`, `      ${meaning}`);
  }
  if (command === 'wizard') lines.push('', 'Exit codes:', ...exitCodes.map(([code, meaning]) => row(String(code), meaning)));
  return `${lines.join('\n')}\n`;
}
