/**
 * What uploaded files would try: read the cookie and the session, end it, and stand between pages and the server for good.
 * All of it shows in the log of the server, `/files/stolen` first.
 */
export const ATTACK = `
  const steal = (what) => { new Image().src = '/files/stolen?' + encodeURIComponent(what); };
  try { steal(document.cookie); } catch (error) { steal('no cookie'); }
  try { fetch('/api/v1/session').then((reply) => reply.text()).then(steal, () => {}); } catch (error) {}
  try { fetch('/api/v1/session', { method: 'DELETE' }).catch(() => {}); } catch (error) {}
  try { navigator.serviceWorker.register('/files/evil.js').catch(() => {}); } catch (error) {}
`;

export const HTML = `<!doctype html><title>evil</title><body onload="new Image().src = '/files/stolen'"><script>${ATTACK}</script>`;

const XHTML = `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>evil</title></head><body><script><![CDATA[${ATTACK}]]></script></body></html>`;

/** A style sheet that makes a page with script of any document. */
const XSLT = `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="html"/><xsl:template match="/"><html><body><script><![CDATA[${ATTACK}]]></script></body></html></xsl:template>
</xsl:stylesheet>`;

/** Files that browsers show as documents, and what a browser would run in them. */
export const HOSTILE_DOCUMENTS: Readonly<Record<string, string>> = {
  'page.html': HTML,
  'page.htm': HTML,
  'drawing.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="new Image().src = '/files/stolen'"><script><![CDATA[${ATTACK}]]></script></svg>`,
  'page.xhtml': XHTML,
  'page.xht': XHTML,
  'page.xml': XHTML,
  'styled.xml': `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/files/evil.xsl"?><a/>`,
  'text.txt': HTML,
};

/** What goes with them. */
export const HOSTILE_PARTS: Readonly<Record<string, string>> = {
  'evil.xsl': XSLT,
  'evil.js': `self.addEventListener('fetch', (event) => event.respondWith(new Response('evil')));`,
};

/** One page, red all over. @param script run when it opens */
export function pdf(script: string): Buffer {
  const drawing = '1 0 0 rg 0 0 400 400 re f';
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (${script}) >> >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(`${text}xref\n0 ${size}\n0000000000 65535 f \n${table}${end}`);
}
