/**
 * Questions to the real text of ../shared/data, with what has to be found, written by hand from reading it. `about` is
 * what the first ten of the best have to speak of to count as right.
 */
export interface Asked {
  query: string;
  /** Parts of messages that must be among the hits. */
  find: string[];
  about: RegExp;
}

const asked = (query: string, find: string | string[], about: RegExp): Asked => ({
  query,
  find: [find].flat(),
  about,
});

const english = [
  asked('memory leak', 'I think it might be a memory leak issue with X', /memory leak/i),
  asked('screensaver disable', 'Disable Screen Saver', /screen ?saver/i),
  asked('bluetooth headset', 'bluetooth headset actually do something', /bluetooth/i),
  asked('printer cups slow', 'why is my printer so slow', /printer|cups/i),
  asked('webcam cheese', 'does your webcam work in "cheese"', /webcam/i),
  asked('blue screen', 'got blue screen saying', /blue screen|screen.*blue|blue.*screen/i),
  asked('battery life', '7 hour battery life', /battery/i),
  asked('segmentation fault', 'Segmentation fault is a good thing, no?', /segmentation fault/i),
  asked('grub error', ['GRUB loading, please wait... Error 18', 'help me with a GRUB Error 17'], /grub/i),
  asked('ndiswrapper broadcom', 'having a problem adding the driver to ndiswrapper', /ndiswrapper|broadcom/i),
  asked('vista dual boot', "I'm doing a vista/ubuntu dual boot on Friday", /vista/i),
  asked('mdadm raid', "isn't raid-0 a standard way of assembling drives", /raid/i),
  asked('usb stick mount', 'so that regular user can mount usb stick to computer', /usb/i),
  asked('truecrypt', "i can't find truecrypt in the repos", /truecrypt/i),
  asked('happy new year', 'HAPPY NEW YEAR.  and thanks again', /happy new year/i),
  asked('python ruby perl bindings', 'There are bindings for python, ruby perl etc', /bindings/i),
];

const codes = [
  asked(
    '/etc/apt/sources.list',
    'TEMPORARLY comment out that line in /etc/apt/sources.list',
    /\/etc\/apt\/sources\.list/i,
  ),
  asked('dpkg --configure -a', 'so it told me to "dpkg --configure -a"', /dpkg/i),
  asked('chmod 777', 'true thats more secure then "chmod 777"', /chmod.*777/i),
  asked('libdvdcss2', 'for what reason would a dvd not play if i have libdvdcss2 installed', /libdvdcss2/i),
  asked(
    'bcm43',
    ['supposedly bcm43xx only works with 2.6.17 kernel', 'one of the ones with the bcm4312 wifi chipset'],
    /bcm43/i,
  ),
  asked('xorg.conf resolution', 'look in /etc/X11/xorg.conf  for resolution', /xorg\.conf/i),
  asked('/dev/hda1', '/windows        ntfs    noauto,ro,users,umask=022', /\/dev\/hda1/i),
  asked('hd0,1', 'rootnoverify (hd0,1) and then chainloader +1', /hd0,1/i),
  asked('nvidia-glx-new', 'missiong nvidia-glx-new', /nvidia-glx-new/i),
  asked('xorg-driver-fglrx', "E: Couldn't find package xorg-driver-fglrx", /xorg-driver-fglrx/i),
  asked('libc6-dev', 'you definitely need to have libc6-dev installed', /libc6-dev/i),
  asked('C++', 'i was recomended C and C++ once', /c\+\+/i),
  asked('showthread.php', 'Smeg 0.7 released! Great new features', /showthread\.php/i),
  asked('i915', 'presumably i915, known bug', /i915/i),
];

const versions = [
  asked('2.6.8', ['linux-headers-2.6.8.1-4', 'nic-extra-modules-2.6.8.1-3-386-di'], /2\.6\.8/),
  asked('2.6.15-25', 'missing devices in /dev (kernel 2.6.15-25-amd64-generic)', /2\.6\.15-25/),
  asked('6.15-2', 'You need linux-headers-2.6.15-23-386', /6\.15-2/),
  asked('192.168.1.10', 'line with Bob', /192\.168\.1\.10/),
  asked('10.04 php', "now, I've got broken php packages", /php/i),
  asked('8235', 'VIA8233 - VIA 8235', /8235/),
  asked('2.3.2.ds1', '2.3.2.ds1-20', /2\.3\.2\.ds1/),
];

const slips = [
  asked('truecript', "i can't find truecrypt in the repos", /truecrypt/i),
  asked('segmentaton falt', 'Segmentation fault is a good thing, no?', /segmentation/i),
  asked('skreensaver', 'maybe the screensaver', /screensaver/i),
  asked('hibernat swap partiton', 'hibernate is going to require a swap partition', /swap/i),
  asked('ndiswraper broadcomm', 'having a problem adding the driver to ndiswrapper', /ndiswrapper/i),
  asked('bluetoooth headst', 'bluetooth headset actually do something', /bluetooth/i),
];

const chinese = [
  asked('智能', '人工智能是工程和科学的分支', /智能/),
  asked('电脑', ['这是一台电脑', '所以只住在电脑里'], /电脑/),
  asked('历史', '我对历史很感兴趣了', /历史/),
  asked('股市', ['你永远无法真正预测股市', '你觉得股市要走红了吗'], /股市/),
  asked('编程', '你最喜欢的编程语言是什么', /编程/),
  asked('音乐', '你喜欢音乐吗', /音乐/),
  asked('花店', '一群修道士开了一个花店', /花店/),
  asked('旅行', '你喜欢旅行吗', /旅行/),
  asked('生气', ['怎么生气', '我可以生气'], /生气/),
  asked('经济学', '什么是经济学', /经济/),
  asked('聊天机器人', ['什么是聊天机器人', 'Python是创建聊天机器人的最佳语言'], /聊天机器人/),
  asked('汇率', '这取决于汇率', /汇率/),
  asked('“自然语言”', '自然语言处理', /自然语言/),
  asked('薪', '你有薪水吗', /薪/),
  asked('早上好', '早上好!', /早上好/),
];

const mixed = [
  asked('Python 聊天机器人', 'Python是创建聊天机器人的最佳语言', /python/i),
  asked('Python的计算机', '任何支持Python的计算机', /python/i),
  asked('ｐｙｔｈｏｎ 程序', '我的程序使用Python', /python/i),
  asked('eliza 聊天', "聊天机器人'eliza'是一个众所周知的早期尝试", /eliza/i),
  asked('java c++', '我经常使用 Python, Java 和 C++', /c\+\+/i),
];

const phrases = [
  asked('"missing devices"', 'missing devices in /dev', /missing devices/i),
  asked('"known bug"', 'presumably i915, known bug', /known bug/i),
  asked('"broken php packages"', "I've got broken php packages", /broken php packages/i),
  asked('"hate vista"', 'I really HATE vista', /hate vista/i),
  asked('"read only" mount', 'how do I mount it as read only ?', /read only|read-only/i),
  asked('“战胜市场”', '可以真的战胜市场', /战胜市场/),
];

const filters = [
  asked('printer from:@twids', 'just a quick printing question', /print/i),
  asked('mount on:2004-12-25', 'how do I mount it as read only ?', /mount/i),
  asked('grub before:2006', 'shogun_, if you really wanna boot xp from grub', /grub/i),
  asked('wubi after:2008-01', 'so wubi is a windows app that assists', /wubi/i),
  asked('memory leak during:2005-06', 'memory leak from Xorg', /memory leak/i),
  asked('leak has:link during:2005-06', 'https://bugzilla.ubuntu.com/show_bug.cgi?id=10663', /leak/i),
  asked('fglrx from:orbo', 'I recently installed fglrx at drivers', /fglrx/i),
  asked('机器人 in:#聊天 -聊天机器人', '机器人是自动执行工作的机器装置', /机器人/),
  asked('机器人 -in:#ubuntu', '机器人永远不会撒谎', /机器人/),
  asked('"battery life" -mac -macbook', 'such as speed or battery life etc', /battery life/i),
  asked(
    'truecrypt from:@dryrot from:@cablop',
    ["i can't find truecrypt", 'using truecrypt on windows'],
    /truecrypt/i,
  ),
];

/** As they are typed in a shell: a flag is a word, and finds only where it is one. */
const flags = [
  asked('rm -rf', 'rm -rf', /rm .*-rf/i),
  asked('ls -la', 'ls -la', /ls -la/),
  asked('tar -xzf', 'tar -xzf IRCinfo.tar.gz', /tar -xzf/),
  asked('kill -9', 'kill -9 PID', /kill -9/),
  asked('uname -a', 'uname -a for cpu', /uname -a/),
  asked('gcc -Wall', 'gcc -DLinux -g -O2 -Wall', /gcc .*-Wall/),
  asked('modprobe -r', "I can't modprobe -r", /modprobe -r/),
  asked('du -sh', 'du -sh <file>', /du -sh/),
  asked('ps -ef', 'ps -ef  | grep something', /ps -ef/),
  asked('java -version', 'type "java -version"', /java.*-version/i),
  asked('dpkg-reconfigure -phigh', 'run this command: sudo dpkg-reconfigure -phigh', /-phigh/),
  asked('fuser -vki', 'sudo fuser -vki /var/lib/', /fuser -vki/),
  asked('glxgears -printfps', 'try glxgears -printfps', /glxgears.*-printfps/),
  asked('ls -lah', 'the `kubectl` pod is down', /ls -lah/),
];

/** Ways to write the same, and what shows nothing. */
const written = [
  asked('プロジェクト', 'プロジェクト計画'.normalize('NFD'), /フ/),
  asked('プロジェクト'.normalize('NFD'), 'プロジェクト計画'.normalize('NFD'), /フ/),
  asked('budget supermarket', 'bud\u200bget', /bud/),
  asked('AT&T', 'AT&amp;T', /at&/i),
  asked('igdir isik', 'IĞDIR', /IĞDIR/),
  asked('lodz oeuvre dep strasse', 'Łódź', /Łódź/),
  asked('1234 محمد', 'محـــمد', /١٢٣٤/),
  asked('🇨🇭', 'we met in', /🇨🇭/),
  asked('5kg', '5㎏', /㎏/),
  asked('第三页', '请看**第三**页', /第三/),
  asked('print\u00ader cups', 'why is my printer so slow', /printer|cups/i),
  asked('ＰＹＴＨＯＮ', '任何支持Python的计算机', /python/i),
];

/** Codes as they are typed, and typos inside of words with signs between them. */
const exact = [
  asked('2>&1', 'run make 2>&1', /2>&1/),
  asked('8.8.8.8', 'ping 8.8.8.8', /8\.8\.8\.8/),
  asked('127.0.0.1', 'computer accesses 127.0.0.1', /127\.0\.0\.1/),
  asked('x86_64', 'I installed xubuntu 10.10 x86_64', /x86_64/),
  asked('menu.lst', 'sudo gedit /grub/menu.lst', /menu\.lst/),
  asked('/etc/fstab', 'did u check /etc/fstab and dmesg', /\/etc\/fstab/),
  asked('dist-upgarde', 'apt-get dist-upgrade', /dist-upgrade/i),
  asked('xorg.cnof', "I don't have it in my xorg.conf", /xorg\.conf/i),
  asked('build-essentail', '!info build-essential', /build-essential/i),
  asked('nm-aplet', 'why my nm-applet died', /nm-applet/i),
];

/** Names and dates of several words, and what is negated. */
const named = [
  asked('from:@Ann Lee qwx', ['the qwx budget', 'the qwx review'], /qwx/),
  asked('from:ann lee meeting -cancelled', 'meeting room booked', /room booked/),
  asked('from:bela lodz', 'Łódź', /Łódź/),
  asked('from:Béla Kovács signal', 'strong rf signal', /rf signal/),
  asked('mount on:dec 25 2004', 'how do I mount it as read only ?', /mount/i),
  asked('mount on:25 December 2004', 'how do I mount it as read only ?', /mount/i),
  asked('mount on:2004年12月25日', 'how do I mount it as read only ?', /mount/i),
  asked('grub before:jan 1, 2006', 'if you really wanna boot xp from grub', /grub/i),
  asked('"how do i mount it as read on*"', 'how do I mount it as read only ?', /read on/i),
];

export const QUERIES = {
  ...{ english, codes, versions, slips, chinese, mixed, phrases, filters },
  ...{ flags, written, exact, named },
};
