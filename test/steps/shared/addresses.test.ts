import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covered, coversAll, networksOf, normalised, parseNetwork, rangeFault } from '../../../steps/shared/addresses.ts';

describe('parseNetwork', () => {
  test.each([
    ['137.117.106.88', '137.117.106.88/32'],
    [' 137.117.106.88/29 ', '137.117.106.88/29'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('%s is %s', (given, text) => {
    expect(parseNetwork(given)).toMatchObject({ ok: true, network: { text } });
  });

  test.each([
    '',
    ' ',
    'localhost',
    '1.2.3',
    '127.1',
    '0x7f.0.0.1',
    '010.1.2.3',
    '1.2.3.256',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    '1.2.3.4/24/8',
    '1.2.3.4 5',
    '2001:db8::/32',
    '::1',
    'AzureCloud',
  ])('%j is refused', (given) => {
    expect(parseNetwork(given).ok).toBe(false);
  });

  test('host bits are refused with both ways to mend them', () => {
    const parsed = parseNetwork('20.71.10.5/24');
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.fault).toMatch(/20\.71\.10\.0\/24.*20\.71\.10\.5\/32/);
  });

  test('a hostile text cannot move the cursor in the sentence', () => {
    const parsed = parseNetwork('\u001b[2J\u202e1.2.3.4');
    expect(parsed.ok ? '' : parsed.fault).not.toMatch(/[\u001b\u202e]/);
  });

  test('every network survives being written and read', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const [bits] = networksOf([address]);
        const size = 2 ** (32 - prefix);
        const first = Math.floor((bits?.first ?? 0) / size) * size;
        const text = `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
        expect(parseNetwork(text)).toMatchObject({ ok: true, network: { text, first, last: first + size - 1 } });
      }),
    );
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseNetwork(text);
        rangeFault(text);
      }),
    );
  });
});

describe('rangeFault', () => {
  test.each(['137.117.106.88', '20.71.10.0/24', '8.0.0.0/8', '168.63.129.16/32'])('%s is fine', (text) => {
    expect(rangeFault(text)).toBeUndefined();
  });

  test.each([
    ['0.0.0.0/0', 'whole internet'],
    ['0.0.0.0/32', 'locked out'],
    ['0.0.0.0/1', 'narrower'],
    ['8.0.0.0/7', '33,554,432'],
    ['10.1.2.3', 'private'],
    ['172.20.0.0/16', 'private'],
    ['192.168.0.0/24', 'private'],
    ['100.64.1.1', 'NAT'],
    ['127.0.0.1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.7', 'documentation'],
    ['203.0.113.0/28', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['2001:db8::1', 'IPv6'],
    ['192.0.0.0/8', 'public address'],
  ])('%s is refused: %s', (text, why) => {
    expect(rangeFault(text)).toContain(why);
  });
});

describe('covered', () => {
  const holds = (inner: string, outer: readonly string[]): boolean => networksOf([inner]).every((network) => covered(network, networksOf(outer)));
  test.each([
    ['1.2.3.4', ['1.2.3.0/24'], true],
    ['1.2.3.0/24', ['1.2.3.0/25', '1.2.3.128/25'], true],
    ['1.2.3.0/24', ['1.2.3.128/25'], false],
    ['1.2.3.0/24', ['1.2.3.0/25', '1.2.3.192/26'], false],
    ['1.2.3.4', [], false],
    ['255.255.255.255', ['0.0.0.0/0'], true],
  ] as const)('%s in %j: %s', (inner, outer, expected) => {
    expect(holds(inner, outer)).toBe(expected);
  });

  test('two halves hold everything', () => {
    expect(coversAll(networksOf(['128.0.0.0/1', '0.0.0.0/1']))).toBe(true);
    expect(coversAll(networksOf(['128.0.0.0/1']))).toBe(false);
  });

  test('an address is covered exactly when one of the networks holds it', () => {
    const networks = fc.array(
      fc.tuple(fc.ipV4(), fc.integer({ min: 4, max: 32 })).map(([address, prefix]) => {
        const [network] = networksOf([address]);
        const size = 2 ** (32 - prefix);
        const first = Math.floor((network?.first ?? 0) / size) * size;
        return { first, last: first + size - 1, prefix, text: '' };
      }),
    );
    fc.assert(
      fc.property(fc.ipV4(), networks, (address, outer) => {
        const [inner] = networksOf([address]);
        if (inner === undefined) throw new Error('no network');
        expect(covered(inner, outer)).toBe(outer.some(({ first, last }) => first <= inner.first && inner.first <= last));
      }),
    );
  });
});

test('normalised writes each network once and keeps what is none', () => {
  expect(normalised(['1.2.3.4', '1.2.3.4/32', 'AzureCloud', '5.6.7.0/24'])).toEqual(['1.2.3.4/32', 'AzureCloud', '5.6.7.0/24']);
});
