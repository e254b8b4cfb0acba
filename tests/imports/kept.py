"""Two workbooks that are not written by hand: Excel 97–2003, and one that a password protects.

Here: their bytes, packed. Not here: those that are written by hand (books.py).
"""

from __future__ import annotations

import base64
import zlib


def _kept(packed: str) -> bytes:
    return zlib.decompress(base64.b85decode("".join(packed.split())))


XLS = _kept(
    """
    c-rk)O=uHA6#i!OACokxsn7}~6s%f{AYQz*8wKsjnu?&PP*W4z*kn_Jh!w%wnxi0iQoIy;@lx%@AM~I%4?;x`f*>U7&6
    7~UL!0%@%Os@QLjzh==3C~?`<Zz&yYt@6?!I1(lx7z?%J>QWaG+xQ;BL?fD!!T!2H9;}vbEYv#n$+z;PcW#x?Ol0eC3g
    ADA&6T0}q@phyov}oW=wO^Hw^xfjGc(ND4WJKB5A5NfSal&#IN_S*Dwr-shIjn8sOigJ~bNEs2v@GzWY3sVF{Sbg?Z2>
    Gu)$dC!_XXv0ex#aC~NYFiif7c$B0-)ZP{1~3O&w}G^kE+n%hL}>x%@Xd|^OSMdW9@F}b)eDgR`)a*s4gD>{2~5F0!vS
    7I080*OF+}i~d1V<xyrrs=&5vfR;Y`W}q;ttkb`x+enagA+hpl8T?FU9P7t<CC6eVMn$Yb$KyU$OM>%@`IMXDC26Q}%g
    59gc@ugdu#=R$yJ3N6e>I3vO|^zyy0Zw`+n%wg6{@r0_U!8UmVuyIZHpw1z-7)+(5hxuJhr`hXP<~x{1DUPY`PP8fJ&<
    wY^&em=kXD{QexxInkL45Jc(BsbHCvzw9^8@9}(fN1gEV}4)N>P7#&7fEGiaWO@o|v^-sGZ{j)AnC>5w8(ebGOxz*Mb%
    JnT;^5O7iK5x@4$lRh1khIg~H4hA+XsoT|NGU#_|&eYxwB^d*<5-)O}{eys6^^Vkm!4Gj$q4Gj$qjpiWK`?^EDvAfjwf
    Jgn;S)o$Vze)aE97Ue43-n=n5Ej)1Og0riTi_BkUt*noYX1u*j??G`jAMl7G2V3i()XNbyq|S<4FA3qYIgieGxPkz<Np
    AFkJNb
    """
)
PROTECTED = _kept(
    """
    c-rk(OKclO7@oY^G?YG|v?Y{c?FES{@vh&g;uJsPSM1pJCU$C}qRo2jU3*{IUB6NxajCd*=>fq3wHy%Y1%U(ti35TQsz
    62JT&W;cMf3niDxl$Cd!5?p%T9~bB7duIXJ=+-zWE<JWB+)0|J4hhO#Y0vU=EF-TN}I3j*hk=;BdRLuT?jAYhz=h-Mlf
    t6NP_(M*Kz~cB5u2jhOEQj+^xfD4zoEHtPfYf6)GZN6hj;@qZe)2e`Mj1)%-FXMoQF4*;J79t0i&9tJ)SoCLlAJOX?Xc
    og{3AeSBsq>&7ljx1;%Nl>b&f%?HgG`6|tPu%03^EZ+g_Plvzs9laBGr0hUD%(_5KpmqzN+AYX%5X12{Xrn$MC!Ds7yV
    s^ym_$gKtWK_fi$eZP{v5>!~Vl?0=BhBd$hl^F9UiiDDn^m3H6VCXn3e!`;E4^*>|V)2`H7G^(R5!*gM9|v%eR8<2QtI
    PyHzPp#a|K4M)&W)Bc^!SoZIKx|#Ea?~7Y<u@#X!*VhflHvDho$*X4H66i6Yqcv?-k=VceoB22XAJ~8A`nK9Xv}ymYZR
    qcS?_C8g5mfr!dr<T2>EHiGu6~E^w*Rzj?k56AL4Vl%9o*0Ub72fU7MKMlz;3pg1sbpbewapqrYDTd=b<$AsOh`zl<of
    jL)+9JH^*`vb69#f7i^E<+wIi1ZSz}LF~=MG=@}G)YX<p{9ZC}JQ^<*2Fjokk9PmUn+x)PyAoLi$K4_=F+Z42r$PMc--
    g^Tr_7Rs}*Lts5jXp&FjKXE?WwR&hqF||FRpVvJOHk7!VZjnB=Xt5<C6<>$Qy#*i>5P<T1X;pfqJcHy#N5Ozyrec19Y$
    GT21)Z0oUSX!tyYcYu*hiBBG0O_CKvQ+Ru-*tp}@1)Y9mRP_4ZJrHTJmD$LKO{%(o_xRja~iT1{5-?TOg!PQ+qW=b?|$
    F)=q`0n9>wkkJ{7#t1siuY>KBi?FN;GF!e~g_r!i4%XY8P~#YlYxTJtM01u+u)M-y)h85XmDf4ZOZet#!fXw23@<eu-h
    N8Rc^vQuS~GSGq9Z;hWh0tv$}mC&lswC+lZ?}?M8tIu<-t`lW6RimUN2#>nug@Tim0UHB23b-nBK?vh{&)DxB-(!W0Ja
    Dmu!h8GMx%2?wU1{&)E|=QOnWU{7ep)lN9Bn*SOVaQPJ)7@X5Smja#be^YK&uAQ@8^ZP}HDtjre|^m<sX;(B_uW~`t~%
    Umz-a#Ka_RIa=bE2~OYa|J#1XoP1yu0lei^v3)WMfr<DDL+#ZC0oW?)l$?NDLb&X;&(?yx)KhRqKm$GG?2!w48xU#piA
    $vw==NX+-4ZM+AS58f9Rx}>k9F#a(vTX@T)~rcqt%PBpot^G(hx`O5Mq`1zl<OXfx}+x*b^;N_s+UiIc+iWTu>%@e8$d
    SSWVIJcCvEqOckPp{S%(zz;Q&ifiSyL_O!Q#uG7nIHIK*#;E(s-gU-y_B)hiYvN=&k+VBwfhJk0dMeH<%f}qFOmU^~61
    ^bk*_@g#WE&B7osN{(U1B*|qRM5wCMvN))f1dqm2x%ySiG<(#4A=Z8|t<LVrhyk%EC&zk*m0!IKz|Stjj&GWo@3QFUGo
    SNzSH7dNP_z%{a;B+v(U$jjjYT)6}{pPiH$e#<_`iF8=QS{+kb-e}6oF;;l>H9{BSY_6y~w=)&;z*Th%Op8a~??y;9y`
    VjHed&Fm#r|KWQt=3{+UOoHUU!QJVJO69`VEpvnn>T(qqb1AK>GkRdsWeuuXrC9e=MKF-dH(%9*WSH;>5rS|3TS`<1{h
    #~0S0(t@Gmm#U<v
    """
)
