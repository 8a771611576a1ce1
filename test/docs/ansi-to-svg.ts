/** One run of characters that look alike. */
interface Span {
  text: string;
  column: number;
  style: Style;
}

interface Style {
  color?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  inverse?: boolean;
  underline?: boolean;
}

const CELL = { width: 8.4, height: 18, size: 14 };
const PADDING = 16;
const BAR = 30;
const THEME = { background: "#11151c", foreground: "#d8dee9", bar: "#1b212c", title: "#7b8798" };
const PALETTE = [
  "#2e3440",
  "#e06c75",
  "#98c379",
  "#e5c07b",
  "#61afef",
  "#c678dd",
  "#56b6c2",
  "#d8dee9",
  "#5c6370",
  "#ff7b86",
  "#b5e08f",
  "#ffd68a",
  "#82c4ff",
  "#dd9bf0",
  "#7fd6e0",
  "#ffffff",
];

const SGR = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`);

/** Draws what `tmux capture-pane -e` printed as an SVG of a terminal window. */
export function ansiToSvg(screen: string, options: { title: string; columns: number }): string {
  const rows = screen.replace(/\s+$/, "").split("\n");
  const width = Math.ceil(options.columns * CELL.width + 2 * PADDING);
  const height = rows.length * CELL.height + 2 * PADDING + BAR;
  const body = rows.flatMap((row, index) => spansOf(row).map((span) => drawSpan(span, index)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(options.title)}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${THEME.background}"/>`,
    `<path d="M0 ${BAR}V8a8 8 0 0 1 8-8h${width - 16}a8 8 0 0 1 8 8v${BAR - 8}z" fill="${THEME.bar}"/>`,
    ...["#e06c75", "#e5c07b", "#98c379"].map(
      (color, n) => `<circle cx="${20 + n * 18}" cy="15" r="5.5" fill="${color}"/>`,
    ),
    `<text x="${width / 2}" y="20" fill="${THEME.title}" font-family="sans-serif" font-size="12" text-anchor="middle">${escapeXml(options.title)}</text>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${CELL.size}" xml:space="preserve">`,
    ...body,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function drawSpan(span: Span, row: number): string {
  const x = (PADDING + span.column * CELL.width).toFixed(1);
  const top = BAR + PADDING + row * CELL.height;
  const width = ([...span.text].length * CELL.width).toFixed(1);
  const { style } = span;
  const fill = style.inverse ? (style.background ?? THEME.background) : (style.color ?? THEME.foreground);
  const behind = style.inverse ? (style.color ?? THEME.foreground) : style.background;
  const attributes = [
    `x="${x}"`,
    `y="${top + 13}"`,
    `fill="${fill}"`,
    `textLength="${width}"`,
    style.bold ? 'font-weight="bold"' : "",
    style.dim ? 'opacity="0.6"' : "",
    style.underline ? 'text-decoration="underline"' : "",
  ];
  const rect = behind
    ? `<rect x="${x}" y="${top}" width="${width}" height="${CELL.height}" fill="${behind}"/>`
    : "";
  if (!span.text.trim()) return rect;
  return `${rect}<text ${attributes.filter(Boolean).join(" ")}>${escapeXml(span.text)}</text>`;
}

function spansOf(row: string): Span[] {
  const spans: Span[] = [];
  let style: Style = {};
  let column = 0;
  for (const part of row.split(SGR)) {
    const code = part.startsWith("\u001b[") ? part.slice(2, -1) : undefined;
    if (code !== undefined) {
      style = applySgr(style, code === "" ? [0] : code.split(";").map(Number));
    } else if (part) {
      spans.push({ text: part, column, style });
      column += [...part].length;
    }
  }
  return spans;
}

function applySgr(before: Style, codes: number[]): Style {
  let style = { ...before };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] as number;
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 22) style = { ...style, bold: false, dim: false };
    else if (code === 24) style.underline = false;
    else if (code === 27) style.inverse = false;
    else if (code >= 30 && code <= 37) style.color = PALETTE[code - 30];
    else if (code >= 90 && code <= 97) style.color = PALETTE[code - 82];
    else if (code === 39) style.color = undefined;
    else if (code >= 40 && code <= 47) style.background = PALETTE[code - 40];
    else if (code === 49) style.background = undefined;
    else if (code === 38 || code === 48) {
      const color = codes[i + 1] === 5 ? xterm(codes[i + 2] ?? 7) : rgb(codes.slice(i + 2, i + 5));
      if (code === 38) style.color = color;
      else style.background = color;
      i += codes[i + 1] === 5 ? 2 : 4;
    }
  }
  return style;
}

function xterm(index: number): string {
  if (index < 16) return PALETTE[index] ?? THEME.foreground;
  if (index >= 232) return rgb(Array(3).fill(8 + (index - 232) * 10));
  const level = (n: number) => (n === 0 ? 0 : 55 + n * 40);
  const n = index - 16;
  return rgb([level(Math.floor(n / 36)), level(Math.floor(n / 6) % 6), level(n % 6)]);
}

function rgb(parts: number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
