/**
 * Functions for a script in the page: the role and the name of an element, in the essentials as "Accessible
 * Name and Description Computation 1.2" and "HTML Accessibility API Mappings 1.0" have them. They see the
 * document and its open shadow roots; roles given through ElementInternals cannot be seen from outside.
 */
export const ROLE_FUNCTIONS = String.raw`
  const collapsed = (text) => text.replace(/\s+/g, ' ').trim();
  /** As rendered: a slotted element stands in its slot, a shadow root in its host. */
  const parentOf = (node) =>
    node.assignedSlot || node.parentElement || (node.getRootNode() instanceof ShadowRoot ? node.getRootNode().host : null);
  const someAncestor = (node, holds) => {
    for (let at = node; at; at = parentOf(at)) if (holds(at)) return true;
    return false;
  };
  const childrenOf = (element) => {
    if (element.shadowRoot) return [...element.shadowRoot.childNodes];
    const assigned = element.localName === 'slot' ? element.assignedNodes() : [];
    return assigned.length > 0 ? assigned : [...element.childNodes];
  };

  const SECTIONING = 'article, aside, main, nav, section';
  const INPUT_ROLES = {
    button: 'button', submit: 'button', reset: 'button', image: 'button', file: 'button', color: 'button',
    checkbox: 'checkbox', radio: 'radio', range: 'slider', number: 'spinbutton', search: 'searchbox', hidden: '',
  };
  const ROLES = {
    article: 'article', aside: 'complementary', button: 'button', datalist: 'listbox', dd: 'definition',
    details: 'group', dialog: 'dialog', dt: 'term', fieldset: 'group', figure: 'figure', form: 'form',
    h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading', hr: 'separator',
    li: 'listitem', main: 'main', menu: 'list', meter: 'meter', nav: 'navigation', ol: 'list', optgroup: 'group',
    option: 'option', output: 'status', p: 'paragraph', progress: 'progressbar', search: 'search',
    summary: 'button', table: 'table', tbody: 'rowgroup', td: 'cell', textarea: 'textbox', tfoot: 'rowgroup',
    thead: 'rowgroup', tr: 'row', ul: 'list',
  };
  const roleOf = (element) => {
    const given = (element.getAttribute('role') || '').trim().split(/\s+/)[0];
    if (given) return given;
    switch (element.localName) {
      case 'a':
      case 'area':
        return element.hasAttribute('href') ? 'link' : '';
      case 'header':
        return element.closest(SECTIONING) ? '' : 'banner';
      case 'footer':
        return element.closest(SECTIONING) ? '' : 'contentinfo';
      case 'img':
        return element.getAttribute('alt') === '' ? 'presentation' : 'img';
      case 'input':
        return INPUT_ROLES[element.type] ?? (element.hasAttribute('list') ? 'combobox' : 'textbox');
      case 'section':
        return nameOf(element) ? 'region' : '';
      case 'select':
        return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
      case 'td':
        return element.closest('[role="grid"], [role="treegrid"]') ? 'gridcell' : 'cell';
      case 'th':
        return element.scope === 'row' ? 'rowheader' : 'columnheader';
      default:
        return ROLES[element.localName] || '';
    }
  };

  const NAMED_BY_CONTENT = new Set([
    'button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link', 'menuitem', 'menuitemcheckbox',
    'menuitemradio', 'option', 'radio', 'row', 'rowheader', 'switch', 'tab', 'tooltip', 'treeitem',
  ]);
  const hiddenInside = (element) => {
    const { display, visibility } = getComputedStyle(element);
    return display === 'none' || visibility === 'hidden' || element.getAttribute('aria-hidden') === 'true';
  };
  const contentOf = (element, deep) =>
    childrenOf(element)
      .map((node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        if (node.nodeType !== Node.ELEMENT_NODE || (!deep && hiddenInside(node))) return '';
        if (['script', 'style', 'template'].includes(node.localName)) return '';
        if (node.localName === 'br') return ' ';
        const text = ownName(node) || contentOf(node, deep);
        const { display } = getComputedStyle(node);
        return /^(inline|contents)$/.test(display) ? text : ' ' + text + ' ';
      })
      .join('');
  const referred = (element, attribute) =>
    (element.getAttribute(attribute) || '')
      .split(/\s+/)
      .map((id) => id && element.getRootNode().getElementById(id))
      .filter(Boolean);
  const firstChild = (element, name) => [...element.children].find((child) => child.localName === name);
  /** What the element says about itself, its content apart. */
  const ownName = (element) => {
    const label = collapsed(element.getAttribute('aria-label') || '');
    if (label) return label;
    const name = element.localName;
    if (name === 'img' || name === 'area' || (name === 'input' && element.type === 'image'))
      return collapsed(element.getAttribute('alt') || '');
    if (name === 'svg') return collapsed(firstChild(element, 'title')?.textContent || '');
    if (name === 'input' && ['button', 'submit', 'reset'].includes(element.type)) return collapsed(element.value);
    return '';
  };
  const CAPTIONS = { fieldset: 'legend', figure: 'figcaption', table: 'caption' };
  const nameOf = (element) => {
    const labelled = referred(element, 'aria-labelledby')
      .map((label) => ownName(label) || collapsed(contentOf(label, true)))
      .join(' ');
    if (labelled) return labelled;
    const own = ownName(element);
    if (own) return own;
    const labels = [...(element.labels || [])].map((label) => collapsed(contentOf(label, false))).join(' ');
    if (labels) return labels;
    const caption = CAPTIONS[element.localName] && firstChild(element, CAPTIONS[element.localName]);
    if (caption) return collapsed(contentOf(caption, false));
    const role = element.localName === 'section' ? '' : roleOf(element);
    const content = NAMED_BY_CONTENT.has(role) ? collapsed(contentOf(element, false)) : '';
    return content || collapsed(element.getAttribute('title') || element.getAttribute('placeholder') || '');
  };
`;
