#!/usr/bin/env node
process.stdout.write('aks-harden\n');
