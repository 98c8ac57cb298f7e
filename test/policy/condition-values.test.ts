import { describe, expect, test } from 'vitest'
import { isBase64, isBoolean, isDecimal, parseDate, parseIpRange } from '../../src/policy/condition-values.ts'

describe('dates', () => {
  const dates: Readonly<Record<string, string>> = {
    '2026-05': '2026-05-01T00:00:00.000Z',
    '2026-05-17': '2026-05-17T00:00:00.000Z',
    '2026-05-17T10:30Z': '2026-05-17T10:30:00.000Z',
    '2026-05-17T10:30:15Z': '2026-05-17T10:30:15.000Z',
    '2026-05-17T10:30:15.25Z': '2026-05-17T10:30:15.250Z',
    '2026-05-17T10:30:15+02:00': '2026-05-17T08:30:15.000Z',
    '2026-05-17T23:30:00-05:30': '2026-05-18T05:00:00.000Z',
    '2024-02-29': '2024-02-29T00:00:00.000Z',
    '2026-12-31T24:00:00Z': '2027-01-01T00:00:00.000Z',
    '0050-01-01': '0050-01-01T00:00:00.000Z',
    '1767225600': '2026-01-01T00:00:00.000Z',
    '1767225600.5': '2026-01-01T00:00:00.500Z',
  }
  for (const [text, iso] of Object.entries(dates))
    test(`${text} is ${iso}`, () => {
      const time = parseDate(text)
      expect(time !== null && new Date(time).toISOString()).toBe(iso)
    })

  test('four digits alone are seconds since 1970', () => {
    expect(parseDate('2026')).toBe(2_026_000)
  })

  for (const text of [
    '',
    'tomorrow',
    '2026-13-01',
    '2026-00-01',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-05-17T10:30:15',
    '2026-05-17 10:30:15Z',
    '2026-05-17T10Z',
    '2026-05-17T25:00:00Z',
    '2026-05-17T24:00:01Z',
    '2026-05-17T10:60:00Z',
    '2026-05-17T10:30:15+24:00',
    '17-05-2026',
  ])
    test(`${JSON.stringify(text)} is no date`, () => {
      expect(parseDate(text)).toBeNull()
    })
})

describe('addresses', () => {
  const hex = (text: string) => {
    const range = parseIpRange(text)
    return (
      range && `${range.bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}/${range.prefix}`
    )
  }
  const ranges: Readonly<Record<string, string>> = {
    '192.0.2.1': 'c0000201/32',
    '203.0.113.0/24': 'cb007100/24',
    '0.0.0.0/0': '00000000/0',
    '::': `${'00'.repeat(16)}/128`,
    '::1': `${'00'.repeat(15)}01/128`,
    '2001:db8::/32': `20010db8${'00'.repeat(12)}/32`,
    '2001:DB8:0:0:0:0:0:1': `20010db8${'00'.repeat(11)}01/128`,
    '2001:db8::1:0:0/64': `20010db8${'00'.repeat(6)}000100000000/64`,
    '::ffff:192.0.2.1': `${'00'.repeat(10)}ffffc0000201/128`,
    '1:2:3:4:5:6:7::': '00010002000300040005000600070000/128',
  }
  for (const [text, expected] of Object.entries(ranges))
    test(`${text} is ${expected}`, () => {
      expect(hex(text)).toBe(expected)
    })

  for (const text of [
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '192.0.2.1/33',
    '192.0.2.1/',
    '192.0.2.1/24/8',
    '192.0.2.*',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4::5:6:7:8',
    ':::',
    '::12345',
    '::1/129',
    '192.0.2.1::',
  ])
    test(`${JSON.stringify(text)} is no address`, () => {
      expect(parseIpRange(text)).toBeNull()
    })
})

test('numbers are decimal', () => {
  for (const text of ['0', '-1', '+2', '10.0', '.5', '5.', '1e3', '1E-3'])
    expect(isDecimal(text), text).toBe(true)
  for (const text of ['', '.', '0x10', '1,000', '1_000', 'NaN', 'Infinity', ' 1', '1 '])
    expect(isDecimal(text), text).toBe(false)
})

test('booleans ignore case', () => {
  for (const text of ['true', 'False', 'TRUE']) expect(isBoolean(text), text).toBe(true)
  for (const text of ['', 'yes', '1', 'true ']) expect(isBoolean(text), text).toBe(false)
})

test('base64 is padded to groups of four', () => {
  for (const text of ['', 'QmluYXJ5', 'QQ==', 'QUI=', '+/+/']) expect(isBase64(text), text).toBe(true)
  for (const text of ['Q', 'QQ', 'QQ=', 'Q===', 'Q=Q=', 'QQ--', 'Q Q='])
    expect(isBase64(text), text).toBe(false)
})
