import Big from "big.js";

/** Why an expression has no value. */
export type Fault = "zero" | "root" | "syntax" | "size";
export type Worked = { value: Big; fault?: undefined } | { value?: undefined; fault: Fault };

// More places than are shown, so that 1 ÷ 3 × 3 is 1.
const Exact = Big();
Exact.DP = 30;
const SHOWN = 12;
const LONGEST = 200;

class NoValue extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
  }
}

/** What a keyboard types, as the calculator writes it: `3*4.5` is `3×4,5`. */
export function typed(text: string): string {
  return text
    .replaceAll(/\^2|\*\*2/g, "²")
    .replaceAll("*", "×")
    .replaceAll(/[/:]/g, "÷")
    .replaceAll("-", "−")
    .replaceAll(".", ",")
    .replaceAll(/[^0-9,+−×÷()√²%]/g, "")
    .slice(0, LONGEST);
}

/**
 * The value of an expression: + − × ÷, brackets (open ones close themselves at the end), √ before, ² and %
 * behind, a number beside a bracket or a root is multiplied. Exact decimals, no floating point.
 */
export function work(text: string): Worked {
  try {
    const read = new Reader(typed(text));
    const value = read.sum();
    if (!read.done) throw new NoValue("syntax");
    return { value: bounded(value) };
  } catch (error) {
    return { fault: error instanceof NoValue ? error.fault : "syntax" };
  }
}

class Reader {
  #at = 0;
  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.#at === this.text.length;
  }
  #takes(sign: string): boolean {
    if (this.text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }
  sum(): Big {
    let value = this.#product();
    for (;;) {
      if (this.#takes("+")) value = bounded(value.plus(this.#product()));
      else if (this.#takes("−")) value = bounded(value.minus(this.#product()));
      else return value;
    }
  }
  /** Whether what follows is multiplied without a sign: 2(3+4), (1+2)5. */
  get #besides(): boolean {
    const [before = "", after = ""] = [this.text[this.#at - 1], this.text[this.#at]];
    return /[(√]/.test(after) || (/[)²%]/.test(before) && /[\d,]/.test(after));
  }
  #product(): Big {
    let value = this.#signed();
    for (;;) {
      if (this.#takes("×")) value = bounded(value.times(this.#signed()));
      else if (this.#takes("÷")) {
        const by = this.#signed();
        if (by.eq(0)) throw new NoValue("zero");
        value = bounded(value.div(by));
      } else if (this.#besides) value = bounded(value.times(this.#raised()));
      else return value;
    }
  }
  #signed(): Big {
    if (this.#takes("−")) return this.#signed().neg();
    if (this.#takes("+")) return this.#signed();
    return this.#raised();
  }
  #raised(): Big {
    let value = this.#one();
    for (;;) {
      if (this.#takes("²")) value = bounded(value.times(value));
      else if (this.#takes("%")) value = value.div(100);
      else return value;
    }
  }
  #one(): Big {
    if (this.#takes("√")) {
      const of = this.text[this.#at] === "−" ? this.#signed() : this.#raised();
      if (of.lt(0)) throw new NoValue("root");
      return of.sqrt();
    }
    if (this.#takes("(")) {
      const value = this.sum();
      if (!this.#takes(")") && !this.done) throw new NoValue("syntax");
      return value;
    }
    const number = /^(\d+(,\d*)?|,\d+)/.exec(this.text.slice(this.#at))?.[0];
    if (number === undefined) throw new NoValue("syntax");
    this.#at += number.length;
    return new Exact(number.replace(",", ".").replace(/^\./, "0.").replace(/\.$/, ""));
  }
}

/** Numbers are as large as somebody reads them; squares of squares must not fill the memory. */
function bounded(value: Big): Big {
  if (value.abs().gt("1e60")) throw new NoValue("size");
  return value.round(60);
}

/** As it is written here: twelve digits, a decimal comma. */
export function written(value: Big): string {
  const short = value.prec(SHOWN);
  const small = !short.eq(0) && short.abs().lt("1e-9");
  if (!small && short.abs().lt("1e15")) return plain(short.toFixed());
  const [digits = "", power = ""] = short.toExponential().split("e");
  return `${plain(digits)}×10^${power.replace("+", "").replace("-", "−")}`;
}
const plain = (digits: string) => digits.replace(".", ",").replace("-", "−");
