/** Side of the drawn icon, in px: tabs show it at 16 to 32. */
const SIZE = 64;
const RED = '#d92d3a';
const DARK = '#11151f';

let picture: Promise<HTMLImageElement> | undefined;
let plain: { href: string; type: string } | undefined;
let latest = '';

const link = (): HTMLLinkElement | null => document.querySelector('link[rel~="icon"]');

const load = (href: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const image = new Image(SIZE, SIZE);
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = href;
  });

const draw = (image: HTMLImageElement, text: string, colour: string): string => {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = canvas.getContext('2d');
  if (!context) return '';
  context.drawImage(image, 0, 0, SIZE, SIZE);
  const radius = 23;
  const centre = SIZE - radius;
  // A gap around the mark keeps it apart from the picture at 16 px.
  context.globalCompositeOperation = 'destination-out';
  context.beginPath();
  context.arc(centre, centre, radius + 4, 0, 2 * Math.PI);
  context.fill();
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = colour;
  context.beginPath();
  context.arc(centre, centre, radius, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = '#fff';
  context.font = `700 ${text.length > 1 ? 28 : 36}px "Inter Variable", system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, centre, centre + 2);
  return canvas.toDataURL('image/png');
};

/** Draws how many conversations wait on the tab's icon, in red where one of them mentions the reader; 0 takes it away. */
export const showOnIcon = async (conversations: number, mentioned: boolean): Promise<void> => {
  const element = link();
  if (!element) return;
  plain ??= { href: element.href, type: element.type };
  const text = conversations > 9 ? '9+' : `${conversations}`;
  const badge = conversations === 0 ? '' : `${mentioned ? 'mention' : 'unread'} ${text}`;
  latest = badge;
  const set = (href: string, type: string) => {
    element.href = href;
    element.type = type;
    element.dataset.badge = badge;
  };
  if (badge === '') return set(plain.href, plain.type);
  picture ??= load(plain.href);
  try {
    const drawn = draw(await picture, text, mentioned ? RED : DARK);
    if (drawn && latest === badge) set(drawn, 'image/png');
  } catch {
    picture = undefined; // offline before the icon was fetched: the title still tells
  }
};
