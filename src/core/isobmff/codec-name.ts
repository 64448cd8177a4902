/**
 * Common names of codecs by sample entry type, in the words FFmpeg uses for them, which is what people search for.
 * Registered types are those of mp4ra.org; the rest are QuickTime's.
 */
const NAMES: Record<string, string> = {
  h264: 'avc1,avc2,avc3,avc4,dva1,dvav,H264,h264,X264,x264,ai5p,ai5q,ai52,ai53,ai55,ai56,ai15,ai16,ai12,ai13,AVin',
  hevc: 'hvc1,hev1,hvc2,hev2,lhv1,lhe1,dvh1,dvhe',
  vvc: 'vvc1,vvi1',
  av1: 'av01,dav1',
  vp8: 'vp08,VP80',
  vp9: 'vp09,VP90',
  mpeg4: 'mp4v,DIVX,XVID,3IV2,FMP4',
  msmpeg4v3: '3IVD,DIV3',
  mpeg2video:
    'm2v1,mpg2,hdv1,hdv2,hdv3,hdv4,hdv5,hdv6,hdv7,hdv8,hdv9,hdva,mx5n,mx5p,mx4n,mx4p,mx3n,mx3p,xd51,xd54,xd55,xd59,xd5a,xd5b,xd5c,xd5d,xd5e,xd5f,xdv1,xdv2,xdv3,xdv4,xdv5,xdv6,xdv7,xdv8,xdv9,xdva,xdvb,xdvc,xdvd,xdve,xdvf,xdhd,xdh2,AVmp',
  mpeg1video: 'mpeg,mp1v,m1v1,m1v ',
  h263: 'h263,s263',
  h261: 'h261',
  mjpeg: 'jpeg,mjpa,AVDJ,MJPG,dmb1',
  mjpegb: 'mjpb',
  prores: 'apch,apcn,apcs,apco,ap4h,ap4x,aprn',
  dnxhd: 'AVdn,AVdh',
  dvvideo: 'dvc ,dvcp,dvpp,dv5p,dv5n,dvhp,dvhq,dvh5,dvh6,dvh3,dvh2,AVdv,AVd1',
  svq1: 'SVQ1,svq1,svqi',
  svq3: 'SVQ3',
  cinepak: 'cvid',
  indeo3: 'IV32',
  qtrle: 'rle ',
  rpza: 'rpza,azpr',
  smc: 'smc ',
  '8bps': '8BPS',
  msrle: 'WRLE',
  rawvideo: 'raw ,2vuy,yuv2,yuvs,NO16,DVOO,R420,vyuy,ABGR,b16g,b48r,b64a,HYUV',
  v210: 'v210,bxy2',
  v308: 'v308',
  v408: 'v408',
  v410: 'v410',
  ayuv: 'AYUV',
  png: 'png ,MNG ',
  gif: 'gif ',
  tiff: 'tiff',
  targa: 'tga ',
  jpeg2000: 'mjp2,mjpg,AVj2,j2ki',
  cfhd: 'CFHD',
  hap: 'Hap1,Hap5,HapY,HapA,HapM',
  vc1: 'vc-1,WVC1',
  aic: 'icod',
  theora: 'XiTh',
  ffv1: 'FFV1',
  magicyuv: 'M8RG,M8RA',
  aac: 'mp4a,AAC ,AACP',
  mp3: '.mp3,mp3 ,ms\0U',
  mp2: '.mp2',
  mp1: '.mp1',
  ac3: 'ac-3,AC-3,sac3,ms \0',
  eac3: 'ec-3',
  ac4: 'ac-4',
  truehd: 'mlpa',
  dts: 'dtsc,dtsh,dtsl,dtse,dts+,dtsx,dts-,dtsy',
  alac: 'alac',
  opus: 'Opus',
  flac: 'fLaC',
  vorbis: 'vorb,XiVs',
  speex: 'spex,XiSP,SPXN',
  amr_nb: 'samr',
  amr_wb: 'sawb',
  evrc: 'sevc',
  qcelp: 'Qclp,sqcp',
  qdmc: 'QDMC',
  qdm2: 'QDM2',
  gsm: 'agsm',
  ilbc: 'ilbc',
  mace3: 'MAC3',
  mace6: 'MAC6',
  adpcm_ima_qt: 'ima4',
  adpcm_ms: 'ms\0\x02',
  adpcm_ima_wav: 'ms\0\x11',
  pcm_mulaw: 'ulaw',
  pcm_alaw: 'alaw',
  mpegh_3d_audio: 'mha1,mhm1,mha2,mhm2',
  nellymoser: 'nmos,NELL',
  mov_text: 'tx3g,text',
  webvtt: 'wvtt',
  ttml: 'stpp,dfxp',
  eia_608: 'c608',
  eia_708: 'c708',
  dvd_subtitle: 'mp4s',
};

const BY_TYPE = new Map(
  Object.entries(NAMES).flatMap(([name, types]) => types.split(',').map((type) => [type, name] as const)),
);

/** By objectTypeIndication of an esds box (ISO/IEC 14496-1 table 5 and mp4ra.org). */
const BY_OBJECT_TYPE: Record<number, string> = {
  0x08: 'mov_text',
  0x20: 'mpeg4',
  0x21: 'h264',
  0x23: 'hevc',
  0x40: 'aac',
  ...Object.fromEntries([0x60, 0x61, 0x62, 0x63, 0x64, 0x65].map((type) => [type, 'mpeg2video'])),
  ...{ 0x66: 'aac', 0x67: 'aac', 0x68: 'aac', 0x69: 'mp3', 0x6a: 'mpeg1video', 0x6b: 'mp3', 0x6c: 'mjpeg' },
  ...{ 0x6d: 'png', 0x6e: 'jpeg2000', 0xa3: 'vc1', 0xa4: 'dirac', 0xa5: 'ac3', 0xa6: 'eac3', 0xa9: 'dts' },
  ...{ 0xad: 'opus', 0xb1: 'vp9', 0xc1: 'flac', 0xdd: 'vorbis', 0xe0: 'dvd_subtitle', 0xe1: 'qcelp' },
};

/** The common name for a sample entry type, undefined for an unknown one. */
export function codecNameOf(type: string): string | undefined {
  return BY_TYPE.get(type);
}

/** The common name for an objectTypeIndication, undefined for an unknown one. */
export function codecNameOfObjectType(objectType: number): string | undefined {
  return BY_OBJECT_TYPE[objectType];
}
